<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Composer</name>
    <message numerus="yes">
        <source>%n folder(s)</source>
        <translation>
            <numerusform>%n folder</numerusform>
            <numerusform>%n folders</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message numerus="yes">
        <source>Please take at least %n characters.</source>
        <translation>
            <numerusform>Please take at least %n character.</numerusform>
            <numerusform>Please take at least %n characters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecalledView</name>
    <message numerus="yes">
        <source> and %n more</source>
        <translation>
            <numerusform> and %n more</numerusform>
            <numerusform> and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message numerus="yes">
        <source>%n earlier message(s) no longer fit</source>
        <translation>
            <numerusform>%n earlier message no longer fits</numerusform>
            <numerusform>%n earlier messages no longer fit</numerusform>
        </translation>
    </message>
</context>
</TS>
