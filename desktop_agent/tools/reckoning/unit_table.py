"""The units that are known, each by those before it; a star lets SI prefixes stand before its first name.

After the names: how many of what. A bare symbol is a unit of its own kind.
"""

TABLE = """
*m metre meter metres meters 米 公尺 = m
*g gram gramme grams grammes 克 = 0.001 kg_
*s sec second seconds secs 秒 = s
*A ampere amperes amp amps 安培 = A
*K kelvin kelvins 开尔文 = K
*mol mole moles 摩尔 = mol
*cd candela = cd
*bit bits 比特 = bit
*rad radian radians 弧度 = rad
min minute minutes mins 分钟 = 60 s
h hour hours hr hrs 小时 钟头 = 60 min
d day days 天 日 = 24 h
week weeks wk wks 星期 礼拜 周 = 7 d
fortnight fortnights = 2 week
year years yr yrs 年 = 365.2425 d
month months mo 个月 月 = 30.436875 d
decade decades = 10 year
century centuries 世纪 = 100 year
km kilometre kilometer kilometres kilometers 公里 千米 = 1000 m
cm centimetre centimeter centimetres centimeters 厘米 = 0.01 m
mm millimetre millimeter millimetres millimeters 毫米 = 0.001 m
um micron microns 微米 = 0.000001 m
in inch inches 英寸 = 0.0254 m
ft foot feet 英尺 = 12 in
yd yard yards 码 = 3 ft
mi mile miles 英里 = 1760 yd
nmi = 1852 m
lightyear ly = 9460730472580800 m
au = 149597870700 m
里 = 500 m
kg kilo kilos kilogram kilograms kilogramme kilogrammes 公斤 千克 = 1000 g
mg milligram milligrams 毫克 = 0.001 g
*t tonne tonnes 吨 = 1000 kg
lb lbs pound pounds 磅 = 0.45359237 kg
oz ounce ounces 盎司 = 0.0625 lb
stone stones st = 14 lb
ton tons = 2000 lb
ct carat carats 克拉 = 0.2 g
斤 = 0.5 kg
两 = 0.05 kg
ha hectare hectares 公顷 = 10000 m^2
acre acres 英亩 = 4840 yd^2
are = 100 m^2
亩 = 2000/3 m^2
*l L litre liter litres liters 升 公升 = 0.001 m^3
ml mL millilitre milliliter millilitres milliliters 毫升 = 0.001 l
gal gallon gallons 加仑 = 231 in^3
qt quart quarts = 0.25 gal
pt pint pints = 0.125 gal
cup cups 杯 = 0.0625 gal
floz = 0.0078125 gal
tbsp tablespoon tablespoons 汤匙 = 0.5 floz
tsp teaspoon teaspoons 茶匙 = 1/6 floz
impgal = 4.54609 l
imppint = 0.125 impgal
barrel barrels bbl = 42 gal
*Hz hertz 赫兹 = s^-1
rpm = 1 min^-1
mph = mi h^-1
kph kmh = km h^-1
knot knots kn kt 节 = nmi h^-1
*N newton newtons 牛顿 = kg m s^-2
*J joule joules 焦耳 = N m
*W watt watts 瓦 瓦特 = J s^-1
*Wh watthour watthours = W h
kWh kilowatthour kilowatthours 千瓦时 度电 = 1000 Wh
*cal calorie calories 卡路里 = 4.184 J
kcal Cal kilocalorie kilocalories 千卡 大卡 = 1000 cal
*eV electronvolt = 0.0000000000000000001602176634 J
BTU btu = 1055.05585262 J
hp horsepower 马力 = 745.69987158227022 W
PS = 735.49875 W
*Pa pascal pascals 帕斯卡 = N m^-2
*bar 巴 = 100000 Pa
atm atmosphere atmospheres 大气压 = 101325 Pa
psi = 4.4482216152605 N in^-2
mmHg torr = 133.322387415 Pa
*V volt volts 伏 伏特 = W A^-1
*ohm ohms Ω 欧姆 = V A^-1
*F farad farads = A s V^-1
*C coulomb coulombs = A s
Ah = 3600 C
mAh = 0.001 Ah
*B byte bytes 字节 = 8 bit
kB KB kb kilobyte kilobytes = 1000 B
MB mb megabyte megabytes 兆 = 1000 kB
GB gb gigabyte gigabytes = 1000 MB
TB tb terabyte terabytes = 1000 GB
KiB = 1024 B
MiB = 1024 KiB
GiB = 1024 MiB
TiB = 1024 GiB
*bps = bit s^-1
kbps = 1000 bps
Mbps mbps = 1000 kbps
Gbps gbps = 1000 Mbps
deg degree degrees 角度 = 0.017453292519943295769236907684886127134 rad
turn turns revolution revolutions = 360 deg
arcmin = 1/60 deg
arcsec = 1/60 arcmin
mpg = mi gal^-1
L/100km = 0.00000001 m^2
degC C celsius centigrade = K
degF F fahrenheit = 5/9 K
"""
OFFSETS = {"degC": (27315, 100), "degF": (45967, 180)}
INEXACT = {"deg", "arcmin", "arcsec", "turn", "hp"}
"""Units whose size is rounded here."""
SHOWN = {"degC": "°C", "degF": "°F", "deg": "°", "nmi": "nautical miles", "floz": "fl oz", "impgal": "imperial gallons"}
SHOWN |= {"imppint": "imperial pints", "um": "µm", "ohm": "Ω", "L/100km": "L/100 km", "lightyear": "light-years"}
PLURAL = {
    "d": "days",
    "week": "weeks",
    "year": "years",
    "month": "months",
    "decade": "decades",
    "h": "hours",
    "s": "seconds",
}
PLURAL |= {"min": "minutes", "cup": "cups", "acre": "acres", "bit": "bits", "century": "centuries", "mi": "miles"}
PREFIXES = {"Q": 30, "R": 27, "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1}
PREFIXES |= {"d": -1, "c": -2, "m": -3, "u": -6, "µ": -6, "μ": -6, "n": -9, "p": -12, "f": -15, "a": -18}
LONG_PREFIXES = {"tera": "T", "giga": "G", "mega": "M", "kilo": "k", "hecto": "h", "deci": "d", "centi": "c"}
LONG_PREFIXES |= {"milli": "m", "micro": "µ", "nano": "n", "pico": "p"}
