"""What is said behind the window of models and folders: files, downloads, measurements, and what goes wrong."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

FILES = (
    QT_TRANSLATE_NOOP("sentences", "There is no file {path}."),
    QT_TRANSLATE_NOOP("sentences", "Check the spelling."),
    QT_TRANSLATE_NOOP("sentences", "Check the spelling, or see: desktop-agent models list"),
    QT_TRANSLATE_NOOP("sentences", "There is no model called {name}."),
    QT_TRANSLATE_NOOP("sentences", "There are: {names}."),
    QT_TRANSLATE_NOOP("sentences", "The model file {name} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "Check the file, or fetch it again."),
    QT_TRANSLATE_NOOP("sentences", "The model file {name} is damaged or incomplete."),
    QT_TRANSLATE_NOOP("sentences", "Fetch it again."),
    QT_TRANSLATE_NOOP("sentences", "The model file {name} cannot be used."),
    QT_TRANSLATE_NOOP("sentences", "The engine says: {reason}"),
    QT_TRANSLATE_NOOP("sentences", "There is not enough memory for {name}."),
    QT_TRANSLATE_NOOP("sentences", "Close other programs, or choose a smaller model or a shorter context."),
    QT_TRANSLATE_NOOP("sentences", "Close other programs, or choose a smaller model."),
    QT_TRANSLATE_NOOP("sentences", "Choose a file in the GGUF format."),
    QT_TRANSLATE_NOOP("sentences", "Choose a file that ends in .gguf."),
    QT_TRANSLATE_NOOP("sentences", "Choose another model."),
    QT_TRANSLATE_NOOP("sentences", "Choose another model. See: desktop-agent models list"),
    QT_TRANSLATE_NOOP("sentences", "Choose another model, or update the program."),
    QT_TRANSLATE_NOOP("sentences", "Choose another model, or another file of this one."),
    QT_TRANSLATE_NOOP("sentences", "Choose another file."),
    QT_TRANSLATE_NOOP("sentences", "Choose another file of this model, or another model."),
    QT_TRANSLATE_NOOP("sentences", "Choose an embedding model, such as {name}. See: desktop-agent models list"),
    QT_TRANSLATE_NOOP("sentences", "Download the file again."),
    QT_TRANSLATE_NOOP("sentences", "The vocabulary of {name} is damaged."),
    QT_TRANSLATE_NOOP("sentences", "The weights of {name} are damaged: no numbers come out when it computes."),
    QT_TRANSLATE_NOOP("sentences", "This model's chat template cannot be used."),
    QT_TRANSLATE_NOOP("sentences", "This model's chat template cannot be used ({reason})."),
    QT_TRANSLATE_NOOP("sentences", "This model's chat template refuses the conversation ({reason})."),
    QT_TRANSLATE_NOOP("sentences", "This model's chat template leaves the conversation out."),
    QT_TRANSLATE_NOOP(
        "sentences", "This model's chat template was stopped: it does not come to an end, or takes too much memory."
    ),
    QT_TRANSLATE_NOOP("sentences", "Start a new chat."),
    QT_TRANSLATE_NOOP("sentences", "The list of imported models is damaged."),
    QT_TRANSLATE_NOOP("sentences", "Delete {path} and import your models again."),
    QT_TRANSLATE_NOOP("sentences", "The file of {name} is gone or has changed; it was {path}."),
    QT_TRANSLATE_NOOP("sentences", "Put it back, or take it off the list: {command}"),
    QT_TRANSLATE_NOOP("sentences", "The file of {name} is damaged: it does not have the expected {size}."),
    QT_TRANSLATE_NOOP("sentences", "Run: {command}, then: {other}"),
    QT_TRANSLATE_NOOP("sentences", "If you do not trust it, run: {command}"),
    QT_TRANSLATE_NOOP("sentences", "Its file is not in Ollama's folder, or this account may not read it."),
    QT_TRANSLATE_NOOP("sentences", "It is made of several files, which only Ollama can put together."),
    QT_TRANSLATE_NOOP("sentences", "It needs an adapter, which only Ollama can add to it."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "All pieces belong into one folder, under the names they were published with. Fetch what is missing.",
    ),
    QT_TRANSLATE_NOOP("sentences", "Give the pieces their names back: NAME-00001-of-00003.gguf, and so on."),
    QT_TRANSLATE_NOOP(
        "sentences", "The pieces of {name} do not belong together: they hold {found} of {expected} tensors."
    ),
)
"""Of model files."""

FOLDERS = (
    QT_TRANSLATE_NOOP("sentences", "No folder was named."),
    QT_TRANSLATE_NOOP("sentences", "Name the folder that may be read."),
    QT_TRANSLATE_NOOP("sentences", "'{name}' cannot be granted: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "Choose another folder."),
    QT_TRANSLATE_NOOP("sentences", "Folders cannot be granted on this system ({system}) so far."),
    QT_TRANSLATE_NOOP("sentences", "There is no folder '{name}'."),
    QT_TRANSLATE_NOOP("sentences", "Check its name."),
    QT_TRANSLATE_NOOP("sentences", "'{name}' is not a folder."),
    QT_TRANSLATE_NOOP("sentences", "Grant the folder that holds it."),
    QT_TRANSLATE_NOOP("sentences", "This account may not read the folder '{name}'."),
)
"""Of folders that may be read."""

DOWNLOADS = (
    QT_TRANSLATE_NOOP("sentences", "Another Desktop Agent on this computer is fetching this model right now."),
    QT_TRANSLATE_NOOP("sentences", "Wait until it is done, then try again."),
    QT_TRANSLATE_NOOP("sentences", "The disk that holds {folder} is full; the unfinished file was deleted."),
    QT_TRANSLATE_NOOP("sentences", "Free some space, or set DESKTOP_AGENT_MODELS to a folder on another disk."),
    QT_TRANSLATE_NOOP("sentences", "The models folder {folder} cannot be used: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "Set DESKTOP_AGENT_MODELS to a folder that you may write to."),
    QT_TRANSLATE_NOOP("sentences", "Check the internet connection."),
    QT_TRANSLATE_NOOP("sentences", "Then {what}"),
    QT_TRANSLATE_NOOP("sentences", "Check the address of the mirror."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "Keep an access token with: desktop-agent models token set (in the window: Models, Mirror and access token).",
    ),
    QT_TRANSLATE_NOOP("sentences", "Look at the model's page on the hub: often its licence has to be accepted first."),
    QT_TRANSLATE_NOOP("sentences", "Wait so long."),
    QT_TRANSLATE_NOOP("sentences", "An access token has only letters, digits and signs, without spaces."),
    QT_TRANSLATE_NOOP("sentences", "Copy it again."),
    QT_TRANSLATE_NOOP("sentences", "Use an address that begins with https://."),
    QT_TRANSLATE_NOOP(
        "sentences", "The address of a mirror holds no name and no password: it is kept where everybody may read it."
    ),
    QT_TRANSLATE_NOOP("sentences", "Enter an access token instead."),
    QT_TRANSLATE_NOOP("sentences", "It looks like https://hub.example.org."),
)
"""Of fetching models."""

RUNNING = (
    QT_TRANSLATE_NOOP("sentences", "Trying {name} in a process of its own."),
    QT_TRANSLATE_NOOP("sentences", "What was measured could not be kept: {reason}."),
    QT_TRANSLATE_NOOP(
        "sentences", "This needs {count} tokens with room for an answer, but the model's context holds {size}."
    ),
    QT_TRANSLATE_NOOP("sentences", "Shorten the text, start a new chat, or set a longer context."),
    QT_TRANSLATE_NOOP("sentences", "No model is loaded."),
    QT_TRANSLATE_NOOP("sentences", "Run: desktop-agent models pull starter"),
    QT_TRANSLATE_NOOP("sentences", "The model gave no answer."),
    QT_TRANSLATE_NOOP("sentences", "Ask in other words, or choose a larger model."),
    QT_TRANSLATE_NOOP("sentences", "The model thought, but gave no answer."),
    QT_TRANSLATE_NOOP("sentences", "Let it answer without thinking first, or ask in other words."),
    QT_TRANSLATE_NOOP(
        "sentences", "The context was full before the model had thought to the end, so there is no answer."
    ),
    QT_TRANSLATE_NOOP("sentences", "Let it answer without thinking first, start a new chat, or set a longer context."),
    QT_TRANSLATE_NOOP("sentences", "Something went wrong inside the program."),
    QT_TRANSLATE_NOOP("sentences", "Your question is kept; try it again. ({kind})"),
    QT_TRANSLATE_NOOP("sentences", "Your settings could not be saved: {reason}."),
    QT_TRANSLATE_NOOP("sentences", "it keeps a running state."),
    QT_TRANSLATE_NOOP("sentences", "their vocabularies differ."),
    QT_TRANSLATE_NOOP("sentences", "Choose a smaller model of the same family as the draft model, or none."),
)
"""Of models that answer."""

MEASURING = (
    QT_TRANSLATE_NOOP("sentences", "How fast this computer is could not be measured."),
    QT_TRANSLATE_NOOP("sentences", "Free some memory and try again."),
    QT_TRANSLATE_NOOP("sentences", "The model cannot compute (code {code})."),
    QT_TRANSLATE_NOOP("sentences", "Preparing the measurement."),
    QT_TRANSLATE_NOOP("sentences", "Trying numbers of threads."),
    QT_TRANSLATE_NOOP("sentences", "Trying ways to keep what was read."),
    QT_TRANSLATE_NOOP("sentences", "Trying how much to read at once."),
    QT_TRANSLATE_NOOP("sentences", "Checking how far guessing ahead would change nothing."),
    QT_TRANSLATE_NOOP("sentences", "Trying weights that are laid out anew."),
    QT_TRANSLATE_NOOP(
        "sentences", "An answer that reads {read} tokens and writes {write} takes about {seconds} seconds."
    ),
    QT_TRANSLATE_NOOP("sentences", "Measured with {layers} of the model's {of_layers} layers."),
    QT_TRANSLATE_NOOP("sentences", "Threads: {reading} for reading, {writing} for writing."),
    QT_TRANSLATE_NOOP("sentences", "Repacking on:"),
    QT_TRANSLATE_NOOP("sentences", "Repacking off:"),
    QT_TRANSLATE_NOOP("sentences", "Repacking crashes on this processor."),
    QT_TRANSLATE_NOOP("sentences", "Repacking is not possible with this model."),
    QT_TRANSLATE_NOOP("sentences", "Repacking was not tried: {needed} of memory would be needed, and {free} are free."),
    QT_TRANSLATE_NOOP("sentences", "Repacking was not tried: there was no time left."),
    QT_TRANSLATE_NOOP("sentences", "Flash attention on:"),
    QT_TRANSLATE_NOOP("sentences", "Flash attention off:"),
    QT_TRANSLATE_NOOP("sentences", "Half of the cache in 8 bits:"),
    QT_TRANSLATE_NOOP("sentences", "The cache in 16 bits:"),
    QT_TRANSLATE_NOOP("sentences", "Up to {count} tokens can be guessed ahead without changing an answer."),
    QT_TRANSLATE_NOOP("sentences", "Nothing is guessed ahead: that could change answers with these settings."),
    QT_TRANSLATE_NOOP("sentences", "Nothing is guessed ahead: {reason}"),
    QT_TRANSLATE_NOOP("sentences", "Other programs were busy meanwhile: measure again when they are not."),
    QT_TRANSLATE_NOOP("sentences", "The processor computes, since the model could not be loaded onto {device}."),
    QT_TRANSLATE_NOOP("sentences", "The processor computes, since {device} has only {free} free."),
    QT_TRANSLATE_NOOP("sentences", "All {layers} layers are computed on {device}."),
    QT_TRANSLATE_NOOP("sentences", "Nothing was measured, for there was not enough time: the usual settings are used."),
    QT_TRANSLATE_NOOP("sentences", "{name} cannot store the KV cache as q8_0, so it takes more memory."),
)
"""Of tuning runs."""

BLANK_FIRST = (
    QT_TRANSLATE_NOOP(
        "sentences", "{count} tokens at once instead of {other}: {read} instead of {other_read} tokens/s reading."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{read} instead of {other_read} tokens/s reading, {write} instead of {other_write} tokens/s "
        "writing, {memory} instead of {other_memory} of memory.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "{name} does not fit into memory: it needs {needed} ({parts}), and {free} are free."
    ),
    QT_TRANSLATE_NOOP("sentences", "{advice}; or close other programs."),
    QT_TRANSLATE_NOOP("sentences", "{name} cannot guess ahead for {target}:"),
    QT_TRANSLATE_NOOP("sentences", "{name} crashed the engine when it was tried; it is not loaded."),
    QT_TRANSLATE_NOOP("sentences", "{name} took longer than {seconds} seconds when it was tried; it is not loaded."),
    QT_TRANSLATE_NOOP("sentences", "{name} cannot be computed with by this version."),
    QT_TRANSLATE_NOOP("sentences", "{name} holds a kind of model that this version does not know."),
    QT_TRANSLATE_NOOP("sentences", "{name} is no model that can compare texts."),
    QT_TRANSLATE_NOOP("sentences", "{name} is no model that can chat."),
    QT_TRANSLATE_NOOP("sentences", "{name} is not a model file."),
    QT_TRANSLATE_NOOP("sentences", "{name} is not a model: it is not a GGUF file."),
    QT_TRANSLATE_NOOP("sentences", "{name} is a GGUF file, but not a language model."),
    QT_TRANSLATE_NOOP("sentences", "{name} can neither chat nor make vectors of texts: it ranks or labels them."),
    QT_TRANSLATE_NOOP("sentences", "{name} is damaged or was not downloaded completely: its head cannot be read."),
    QT_TRANSLATE_NOOP("sentences", "{name} was not downloaded completely: it has {have} of at least {size} bytes."),
    QT_TRANSLATE_NOOP("sentences", "{name} is damaged: its {key} cannot be {value}."),
    QT_TRANSLATE_NOOP(
        "sentences", "{name} is damaged: its file is not the one that was fetched (its checksum differs)."
    ),
    QT_TRANSLATE_NOOP("sentences", "{name} is not the file that it was (its checksum differs): {path}."),
    QT_TRANSLATE_NOOP("sentences", "{name} is a model that chats: it cannot find memories."),
    QT_TRANSLATE_NOOP("sentences", "{name} is a model that finds memories: it cannot chat."),
    QT_TRANSLATE_NOOP("sentences", "{name} cannot be measured."),
    QT_TRANSLATE_NOOP("sentences", "{name} cannot be used: {reason}"),
    QT_TRANSLATE_NOOP("sentences", "{name} is not whole: its piece {piece} is not there."),
    QT_TRANSLATE_NOOP("sentences", "{name} is one of {count} pieces of a model, but its name does not say which one."),
    QT_TRANSLATE_NOOP("sentences", "{name} is not the piece that its name says: it belongs to another model."),
    QT_TRANSLATE_NOOP("sentences", "{name} needs {size} of disk, but {folder} has only {free} free."),
    QT_TRANSLATE_NOOP("sentences", "{name} could not be downloaded: {reasons}."),
    QT_TRANSLATE_NOOP("sentences", "{url} gets no access token: others could read it on the way."),
    QT_TRANSLATE_NOOP("sentences", "{url} is not the address of a mirror."),
    QT_TRANSLATE_NOOP("sentences", "{layers} of {of_layers} layers are computed on {device}, which has {free} free."),
    QT_TRANSLATE_NOOP("sentences", "{path} cannot be read: {reason}."),
)
"""Those that begin with a blank: they fit more than the others."""

CLAUSES = (
    QT_TRANSLATE_NOOP("sentences", "it holds secrets or other programs' settings ({path})"),
    QT_TRANSLATE_NOOP("sentences", "it holds a whole home folder"),
    QT_TRANSLATE_NOOP("sentences", "it holds the folders of everyone on this computer"),
    QT_TRANSLATE_NOOP("sentences", "it holds this program's own data"),
    QT_TRANSLATE_NOOP("sentences", "it belongs to the operating system"),
    QT_TRANSLATE_NOOP("sentences", "run: {command}"),
    QT_TRANSLATE_NOOP("sentences", "{size} for its weights"),
    QT_TRANSLATE_NOOP("sentences", "{size} for {count} tokens of context"),
    QT_TRANSLATE_NOOP("sentences", "{size} to compute"),
    QT_TRANSLATE_NOOP("sentences", "store the KV cache as q8_0 and set a context of at most {count} tokens"),
    QT_TRANSLATE_NOOP("sentences", "store the KV cache as q8_0"),
    QT_TRANSLATE_NOOP("sentences", "set a context of at most {count} tokens"),
    QT_TRANSLATE_NOOP("sentences", "choose {names}"),
    QT_TRANSLATE_NOOP("sentences", "the model hub cannot be reached"),
    QT_TRANSLATE_NOOP("sentences", "the model hub sends next to nothing"),
    QT_TRANSLATE_NOOP("sentences", "the model hub is switched off by HF_HUB_OFFLINE"),
    QT_TRANSLATE_NOOP("sentences", "the model hub names an address that is none"),
    QT_TRANSLATE_NOOP("sentences", "the model hub sends from one address to the next without end"),
    QT_TRANSLATE_NOOP("sentences", "the model hub sends to an address that is not secure"),
    QT_TRANSLATE_NOOP("sentences", "the certificate of the model hub is not one that this computer trusts"),
    QT_TRANSLATE_NOOP("sentences", "the model hub sends this file in a form that was not asked for"),
    QT_TRANSLATE_NOOP("sentences", "the model hub does not say which part of the file it sends"),
    QT_TRANSLATE_NOOP("sentences", "the model hub sends another part of the file than it was asked for"),
    QT_TRANSLATE_NOOP("sentences", "the model hub says that this file ends before it does"),
    QT_TRANSLATE_NOOP("sentences", "the model hub has another version of this file"),
    QT_TRANSLATE_NOOP("sentences", "the model hub refuses access to this file"),
    QT_TRANSLATE_NOOP("sentences", "the model hub does not have this file"),
    QT_TRANSLATE_NOOP("sentences", "the model hub answers with error {code}"),
    QT_TRANSLATE_NOOP("sentences", "the model hub does not accept the access token"),
    QT_TRANSLATE_NOOP("sentences", "the model hub wants a login for this file"),
    QT_TRANSLATE_NOOP("sentences", "the model hub asks to come back later ({why})"),
    QT_TRANSLATE_NOOP("sentences", "the model hub asks to come back in {time} ({why})"),
    QT_TRANSLATE_NOOP("sentences", "too many requests"),
    QT_TRANSLATE_NOOP("sentences", "error {code}"),
    QT_TRANSLATE_NOOP("sentences", "{count} minutes"),
    QT_TRANSLATE_NOOP("sentences", "{count} hours"),
    QT_TRANSLATE_NOOP("sentences", "the package index cannot be reached"),
    QT_TRANSLATE_NOOP("sentences", "the package index does not have {name}"),
    QT_TRANSLATE_NOOP("sentences", "this Python environment has no pip"),
    QT_TRANSLATE_NOOP("sentences", "pip could not fetch {name} ({reason})"),
    QT_TRANSLATE_NOOP("sentences", "no reason given"),
    QT_TRANSLATE_NOOP("sentences", "the package {name} does not hold the expected data"),
    QT_TRANSLATE_NOOP("sentences", "what arrived is not the expected data (its checksum differs)"),
    QT_TRANSLATE_NOOP("sentences", "what arrived is not the expected file (its checksum differs)"),
)
"""What fills blanks of sentences."""
