"""A bag of named settings."""

from __future__ import annotations

import json
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import Any

from pipekeras.core.errors import ConfigurationError


class Config:
    """Named settings, read and written as attributes or as items, that can be frozen.

    Args:
        **settings: the first settings.

    Raises:
        ConfigurationError: a frozen one is changed.

    >>> settings = Config(rate=0.1, name="first")
    >>> settings.rate, settings["name"]
    (0.1, 'first')
    >>> settings.units = 3
    >>> settings
    <Config {'rate': 0.1, 'name': 'first', 'units': 3}>
    """

    __slots__ = ("_frozen", "_settings")

    def __init__(self, **settings: Any) -> None:
        object.__setattr__(self, "_settings", dict(settings))
        object.__setattr__(self, "_frozen", False)

    def freeze(self) -> None:
        """Refuse changes from here on."""
        object.__setattr__(self, "_frozen", True)

    def unfreeze(self) -> None:
        """Allow changes again."""
        object.__setattr__(self, "_frozen", False)

    @property
    def frozen(self) -> bool:
        """Whether changes are refused."""
        return bool(self._frozen)

    def _open(self) -> dict[str, Any]:
        if self._frozen:
            raise ConfigurationError("the config is frozen, so it can't be changed", mend="call unfreeze() first")
        return self._settings

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as a dict of its own."""
        return dict(self._settings)

    def to_json(self) -> str:
        """Return the settings as JSON."""
        return json.dumps(self._settings)

    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._settings.keys()

    def values(self) -> ValuesView[Any]:
        """Return the values."""
        return self._settings.values()

    def items(self) -> ItemsView[str, Any]:
        """Return names and values."""
        return self._settings.items()

    def get(self, key: str, value: Any = None) -> Any:
        """Return the setting of a name, or `value`."""
        return self._settings.get(key, value)

    def pop(self, key: str) -> Any:
        """Return a setting and remove it."""
        return self._open().pop(key)

    def update(self, *settings: dict[str, Any], **more: Any) -> None:
        """Change or add settings."""
        self._open().update(*settings, **more)

    def __getattr__(self, name: str) -> Any:
        try:
            return object.__getattribute__(self, "_settings")[name]
        except KeyError:
            raise AttributeError(f"the config has no setting '{name}'") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self._open()[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in self._settings:
            raise AttributeError(f"the config has no setting '{name}'")
        del self._open()[name]

    def __getitem__(self, name: str) -> Any:
        return self._settings[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._open()[name] = value

    def __delitem__(self, name: str) -> None:
        del self._open()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._settings

    def __len__(self) -> int:
        return len(self._settings)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._settings))

    def __repr__(self) -> str:
        return f"<Config {self._settings}>"
