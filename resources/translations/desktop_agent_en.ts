<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ActivityCard</name>
    <message numerus="yes">
        <source>%Ln characters</source>
        <translation>
            <numerusform>%Ln character</numerusform>
            <numerusform>%Ln characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ActivitySection</name>
    <message numerus="yes">
        <source>%Ln calls were saved.</source>
        <translation>
            <numerusform>%Ln call was saved.</numerusform>
            <numerusform>%Ln calls were saved.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BackupsDialog</name>
    <message numerus="yes">
        <source>%n chat(s)</source>
        <translation>
            <numerusform>%n chat</numerusform>
            <numerusform>%n chats</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n memory(s)</source>
        <translation>
            <numerusform>%n memory</numerusform>
            <numerusform>%n memories</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) were here already.</source>
        <translation>
            <numerusform>One entry was here already.</numerusform>
            <numerusform>%n entries were here already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) stay forgotten.</source>
        <translation>
            <numerusform>One entry stays forgotten.</numerusform>
            <numerusform>%n entries stay forgotten.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchBar</name>
    <message numerus="yes">
        <source>%Ln calls wait for you.</source>
        <translation>
            <numerusform>%Ln call waits for you.</numerusform>
            <numerusform>%Ln calls wait for you.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChangeView</name>
    <message numerus="yes">
        <source>%Ln lines added</source>
        <translation>
            <numerusform>%Ln line added</numerusform>
            <numerusform>%Ln lines added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines removed</source>
        <translation>
            <numerusform>%Ln line removed</numerusform>
            <numerusform>%Ln lines removed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Chats</name>
    <message numerus="yes">
        <source>%n saved memory(s) came from this chat.</source>
        <translation>
            <numerusform>One saved memory came from this chat.</numerusform>
            <numerusform>%n saved memories came from this chat.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete the chat and its %n memory(s)</source>
        <translation>
            <numerusform>Delete the chat and its memory</numerusform>
            <numerusform>Delete the chat and its %n memories</numerusform>
        </translation>
    </message>
</context>
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
    <name>FigureView</name>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Foot</name>
    <message numerus="yes">
        <source>%Ln lines</source>
        <translation>
            <numerusform>%Ln line</numerusform>
            <numerusform>%Ln lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters</source>
        <translation>
            <numerusform>%Ln character</numerusform>
            <numerusform>%Ln characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgetDialog</name>
    <message numerus="yes">
        <source>Forget %n for good</source>
        <translation>
            <numerusform>Forget %n for good</numerusform>
            <numerusform>Forget %n for good</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n memories</source>
        <translation>
            <numerusform>%n memory</numerusform>
            <numerusform>%n memories</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <comment>notes, reminders and changes</comment>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FoundCard</name>
    <message numerus="yes">
        <source>Forget these %n messages? They are emptied in the chat, go from the index and the backups, and cannot come back.</source>
        <translation>
            <numerusform>Forget this message? It is emptied in the chat, goes from the index and the backups, and cannot come back.</numerusform>
            <numerusform>Forget these %n messages? They are emptied in the chat, go from the index and the backups, and cannot come back.</numerusform>
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
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Selection</name>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>%n selected</numerusform>
            <numerusform>%n selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Forget these %n memories? They go from the disk, the index and the backups, and cannot come back.</source>
        <translation>
            <numerusform>Forget this memory? It goes from the disk, the index and the backups, and cannot come back.</numerusform>
            <numerusform>Forget these %n memories? They go from the disk, the index and the backups, and cannot come back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ServerCard</name>
    <message numerus="yes">
        <source>%Ln folders</source>
        <translation>
            <numerusform>%Ln folder</numerusform>
            <numerusform>%Ln folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them to change</source>
        <translation>
            <numerusform>%Ln of them to change</numerusform>
            <numerusform>%Ln of them to change</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ServersSection</name>
    <message numerus="yes">
        <source>It offers %Ln tools.</source>
        <translation>
            <numerusform>It offers %Ln tool.</numerusform>
            <numerusform>It offers %Ln tools.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message numerus="yes">
        <source>Memory, with %Ln suggestions</source>
        <translation>
            <numerusform>Memory, with %Ln suggestion</numerusform>
            <numerusform>Memory, with %Ln suggestions</numerusform>
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
<context>
    <name>Storage</name>
    <message numerus="yes">
        <source>%Ln messages from your chats</source>
        <translation>
            <numerusform>%Ln message from your chats</numerusform>
            <numerusform>%Ln messages from your chats</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln saved memories</source>
        <translation>
            <numerusform>%Ln saved memory</numerusform>
            <numerusform>%Ln saved memories</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln suggestions</source>
        <translation>
            <numerusform>%Ln suggestion</numerusform>
            <numerusform>%Ln suggestions</numerusform>
        </translation>
    </message>
</context>
</TS>
