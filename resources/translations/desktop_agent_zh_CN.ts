<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AnswerView</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>The context is full, so the answer ends here.</source>
        <translation>上下文已满，回答到此为止。</translation>
    </message>
    <message>
        <source>Interrupted: the program ended while this was being written.</source>
        <translation>已中断：写到这里时程序关闭了。</translation>
    </message>
    <message>
        <source>This question has no answer yet.</source>
        <translation>这个问题还没有回答。</translation>
    </message>
    <message>
        <source>This question could not be answered. Nothing is lost.</source>
        <translation>未能回答这个问题。内容没有丢失。</translation>
    </message>
    <message>
        <source>Edit and try again</source>
        <translation>修改后重试</translation>
    </message>
    <message>
        <source>Copy the whole answer</source>
        <translation>复制整个回答</translation>
    </message>
    <message>
        <source>How fast this answer was</source>
        <translation>这个回答的速度</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>{rate} writing</source>
        <translation>生成 {rate}</translation>
    </message>
    <message>
        <source>{rate} reading</source>
        <translation>读取 {rate}</translation>
    </message>
    <message>
        <source>first word after {time}</source>
        <translation>{time}后出现第一个字</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} 个 token</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Bubble</name>
    <message>
        <source>Your message</source>
        <translation>你的消息</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
</context>
<context>
    <name>Chat</name>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Waiting for the model…</source>
        <translation>正在等待模型…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Reading {done} of {total} tokens</source>
        <translation>正在读取 {done} / {total} 个 token</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在回答…</translation>
    </message>
    <message>
        <source>Waiting for you</source>
        <translation>等待你的决定</translation>
    </message>
    <message>
        <source>Using a tool…</source>
        <translation>正在使用工具…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Answering in another chat…</source>
        <translation>正在另一个对话中回答…</translation>
    </message>
</context>
<context>
    <name>ChatPanel</name>
    <message>
        <source>Show or hide the list of chats</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>Chats</name>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>No chat has these words in its title.</source>
        <translation>没有标题包含这些字的对话。</translation>
    </message>
    <message>
        <source>Your chats will appear here.</source>
        <translation>你的对话会显示在这里。</translation>
    </message>
    <message>
        <source>Chat deleted</source>
        <translation>对话已删除</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation>复制这段代码</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Ask anything</source>
        <translation>想问什么都可以</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Folders the assistant may read</source>
        <translation>助手可以读取的文件夹</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message numerus="yes">
        <source>%n folder(s)</source>
        <translation>
            <numerusform>%n 个文件夹</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>Conversations</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
</context>
<context>
    <name>ConversationMenu</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>FoldersDialog</name>
    <message>
        <source>It can list and read files in these folders and below them. It cannot change anything, and it asks before it reads.</source>
        <translation>它可以列出并读取这些文件夹及其子文件夹中的文件。它不能做任何修改，并且读取之前会先询问你。</translation>
    </message>
    <message>
        <source>Folders the assistant may read</source>
        <translation>助手可以读取的文件夹</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>No folder is shared so far.</source>
        <translation>还没有共享任何文件夹。</translation>
    </message>
    <message>
        <source>one chat</source>
        <translation>仅一个对话</translation>
    </message>
    <message>
        <source>Stop sharing {path}</source>
        <translation>停止共享 {path}</translation>
    </message>
</context>
<context>
    <name>Loading</name>
    <message>
        <source>Loading the model… {percent} %</source>
        <translation>正在加载模型… {percent}%</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>没有加载模型。</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Downloading what memory needs…</source>
        <translation>正在下载记忆功能所需的模型…</translation>
    </message>
    <message>
        <source>Memory is on.</source>
        <translation>记忆功能已开启。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>The passphrase is set.</source>
        <translation>口令已设置。</translation>
    </message>
    <message>
        <source>The language changes with the next start.</source>
        <translation>语言将在下次启动时更改。</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>{size} are here already</source>
        <translation>已下载 {size}</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Back to the chat</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Other models</source>
        <translation>其他模型</translation>
    </message>
    <message>
        <source>Use a GGUF file I have…</source>
        <translation>使用我已有的 GGUF 文件…</translation>
    </message>
    <message>
        <source>Welcome to Desktop Agent</source>
        <translation>欢迎使用 Desktop Agent</translation>
    </message>
    <message>
        <source>An assistant that runs on this computer: what you write, what it answers and what it remembers never leaves it. To begin, it needs a language model, which is downloaded once.</source>
        <translation>这是一个在你自己的电脑上运行的助手：你写的内容、它的回答和它记住的事情都不会离开这台电脑。开始之前，需要下载一次语言模型。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Larger models answer better and more slowly. A download can be interrupted.</source>
        <translation>模型越大，回答越好，但也越慢。下载可以中断后继续。</translation>
    </message>
    <message>
        <source>Choose a model file</source>
        <translation>选择模型文件</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>Checking the file…</source>
        <translation>正在检查文件…</translation>
    </message>
    <message>
        <source>Checking the file… {percent} %</source>
        <translation>正在检查文件… {percent}%</translation>
    </message>
</context>
<context>
    <name>NotesView</name>
    <message>
        <source>Notes from earlier chats were used</source>
        <translation>使用了以前对话中的记录</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The key to your chats lies in a file that only this account can read: no keyring is running.</source>
        <translation>没有正在运行的密钥环，因此对话的密钥保存在一个只有此账户可以读取的文件中。</translation>
    </message>
    <message>
        <source>Set a passphrase…</source>
        <translation>设置口令…</translation>
    </message>
    <message>
        <source>Memory is off: it needs a small model ({size}) that is not on this computer.</source>
        <translation>记忆功能已关闭：它需要一个小模型（{size}），这台电脑上还没有。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>The same again</source>
        <translation>再输入一次</translation>
    </message>
    <message>
        <source>Set passphrase</source>
        <translation>设置口令</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message numerus="yes">
        <source>Please take at least %n characters.</source>
        <translation>
            <numerusform>请至少使用 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>两次输入不一致。</translation>
    </message>
    <message>
        <source>Your chats are locked</source>
        <translation>你的对话已锁定</translation>
    </message>
    <message>
        <source>Enter your passphrase to open them.</source>
        <translation>请输入口令来打开。</translation>
    </message>
    <message>
        <source>Set a passphrase</source>
        <translation>设置口令</translation>
    </message>
    <message>
        <source>From the next start on, your chats open with this passphrase only. Nobody can recover it for you.</source>
        <translation>从下次启动开始，只有输入这个口令才能打开你的对话。没有人能替你找回它。</translation>
    </message>
</context>
<context>
    <name>RecalledView</name>
    <message>
        <source>Show what was recalled</source>
        <translation>显示回忆起的内容</translation>
    </message>
    <message>
        <source>Recalled from &quot;{title}&quot;, {date}</source>
        <translation>回忆自“{title}”，{date}</translation>
    </message>
    <message numerus="yes">
        <source> and %n more</source>
        <translation>
            <numerusform>，另有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Open this chat</source>
        <translation>打开这个对话</translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
</context>
<context>
    <name>SettingsMenu</name>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Folders…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Set a passphrase…</source>
        <translation>设置口令…</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>About Desktop Agent</source>
        <translation>关于 Desktop Agent</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Search chats by title</source>
        <translation>按标题搜索对话</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Context used</source>
        <translation>已用上下文</translation>
    </message>
    <message>
        <source>{writing} writing</source>
        <translation>生成 {writing}</translation>
    </message>
    <message>
        <source>{reading} reading</source>
        <translation>读取 {reading}</translation>
    </message>
    <message>
        <source>{used} / {size} tokens</source>
        <translation>{used} / {size} token</translation>
    </message>
    <message numerus="yes">
        <source>%n earlier message(s) no longer fit</source>
        <translation>
            <numerusform>较早的 %n 条消息已放不下</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StreamedText</name>
    <message>
        <source>formula</source>
        <translation>公式</translation>
    </message>
</context>
<context>
    <name>ToolCard</name>
    <message>
        <source>Running…</source>
        <translation>正在执行…</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>显示结果</translation>
    </message>
    <message>
        <source>Waiting for you</source>
        <translation>等待你的决定</translation>
    </message>
    <message>
        <source>Allow once</source>
        <translation>允许一次</translation>
    </message>
    <message>
        <source>Allow in this chat</source>
        <translation>在此对话中允许</translation>
    </message>
    <message>
        <source>Deny</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Not allowed</source>
        <translation>未允许</translation>
    </message>
    <message>
        <source>… {count} more characters</source>
        <translation>… 还有 {count} 个字符</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Not carried out</source>
        <translation>未执行</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Jump to the latest</source>
        <translation>跳到最新</translation>
    </message>
</context>
<context>
    <name>TurnView</name>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Reading… {percent} %</source>
        <translation>正在读取… {percent}%</translation>
    </message>
</context>
<context>
    <name>Turns</name>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>程序内部出了问题。</translation>
    </message>
    <message>
        <source>Your question is kept; try it again. ({kind})</source>
        <translation>你的问题已保留，请再试一次。（{kind}）</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>What can I help you with?</source>
        <translation>有什么可以帮你？</translation>
    </message>
    <message>
        <source>Everything stays on this computer.</source>
        <translation>所有内容都留在这台电脑上。</translation>
    </message>
    <message>
        <source>Explain how a heat pump works, in plain words</source>
        <translation>用简单的话解释热泵的工作原理</translation>
    </message>
    <message>
        <source>Write a short, friendly e-mail that moves a meeting to Friday</source>
        <translation>写一封简短友好的邮件，把会议改到星期五</translation>
    </message>
    <message>
        <source>What is in the folder I shared with you?</source>
        <translation>我共享给你的文件夹里有什么？</translation>
    </message>
</context>
<context>
    <name>formats</name>
    <message>
        <source>d MMM yyyy</source>
        <comment>Qt date format</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>{speed} tokens/s</source>
        <translation>{speed} token/秒</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
</context>
<context>
    <name>links</name>
    <message>
        <source>Open link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>This link is not a web address, so it is not opened.</source>
        <translation>这个链接不是网页地址，因此不会打开。</translation>
    </message>
    <message>
        <source>Open this address in your browser?</source>
        <translation>要在浏览器中打开这个地址吗？</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>程序内部出了问题。</translation>
    </message>
    <message>
        <source>About Desktop Agent</source>
        <translation>关于 Desktop Agent</translation>
    </message>
    <message>
        <source>A private assistant on your own computer: what you write stays here. Licence: Apache-2.0.</source>
        <translation>在你自己电脑上运行的私人助手：你写的内容只留在这里。许可证：Apache-2.0。</translation>
    </message>
</context>
<context>
    <name>tools</name>
    <message>
        <source>Read file</source>
        <translation>读取文件</translation>
    </message>
    <message>
        <source>List files</source>
        <translation>列出文件</translation>
    </message>
    <message>
        <source>Look at the clock</source>
        <translation>查看时间</translation>
    </message>
    <message>
        <source>… and {count} more characters</source>
        <translation>… 以及另外 {count} 个字符</translation>
    </message>
</context>
</TS>
