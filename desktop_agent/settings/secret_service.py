"""Opens the Linux keyring, with a dialog only where somebody would see it."""

from contextlib import closing

from desktop_agent.settings.asking import dialog_would_be_seen


def closed_because() -> str:
    """Unlock the default collection; return why that did not work, empty when it is open.

    `keyring` would open the dialog in any case, and wait for ever when there is no screen to answer it on.
    """
    import secretstorage

    ask = dialog_would_be_seen()
    with closing(secretstorage.dbus_init()) as bus:
        try:
            collection = secretstorage.get_default_collection(bus) if ask else secretstorage.Collection(bus)
            if ask and collection.is_locked():
                collection.unlock()
            return "the keyring is locked" if collection.is_locked() else ""
        except (secretstorage.ItemNotFoundException, secretstorage.PromptDismissedException):
            return "the keyring has not been set up"
