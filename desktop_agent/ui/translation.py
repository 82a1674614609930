"""The language of the window.

After a change of words: pyside6-lupdate desktop_agent/ui/*.py -locations none -no-obsolete -ts FILE.ts for each file of
resources/translations (with -pluralonly for English), translate, pyside6-lrelease FILE.ts.
"""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_agent.paths import resources

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}


def install(application: QCoreApplication, choice: str) -> str:
    """Translate everything that is built from now on; return the language in use. `choice` as in the settings."""
    locale = QLocale() if choice == "system" else QLocale(choice)
    language = "zh_CN" if locale.script() == QLocale.Script.SimplifiedHanScript else "en"
    QLocale.setDefault(locale if locale.language() == QLocale(language).language() else QLocale(language))
    for before in application.findChildren(QTranslator):
        application.removeTranslator(before)
        before.deleteLater()
    own = str(resources() / "translations")
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in ((f"qtbase_{language}", qt), (f"desktop_agent_{language}", own)):
        translator = QTranslator(application)
        if translator.load(name, folder):
            application.installTranslator(translator)
    return language
