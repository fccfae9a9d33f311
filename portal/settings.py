"""How Streamlit is set up here. Nothing may be fetched from outside, reported home, or shown of an error's inside."""

from __future__ import annotations

from typing import Any, Final

SESSION_HEADER: Final = "x-lantai-session"  # set by the door from the cookie; what a client sends under it is dropped

INK: Final = "#22302C"
JADE: Final = "#21614F"
PAPER: Final = "#FBF8F1"
SHEET: Final = "#F2ECDF"
LINE: Final = "#D9D0BC"

_SANS: Final = (
    '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif'
)
_SERIF: Final = '"Noto Serif CJK SC","Noto Serif SC","Source Han Serif SC","Songti SC",STSong,serif'


def streamlit_options(tls: bool) -> dict[str, Any]:
    """Every option we set, in the form of Streamlit's command-line flags."""
    return {
        "global_developmentMode": False,
        "client_showErrorDetails": "none",
        "client_showErrorLinks": False,
        "client_toolbarMode": "minimal",
        "client_disableDataExport": True,
        "client_allowedOrigins": [],
        "browser_gatherUsageStats": False,
        "logger_level": "error",
        "logger_hideWelcomeMessage": True,
        "runner_postScriptGC": False,
        "runner_magicEnabled": False,
        "runner_fastReruns": True,
        "server_headless": True,
        "server_fileWatcherType": "none",
        "server_enableStaticServing": False,
        "server_enableAgentApi": False,
        "server_enableCORS": True,
        "server_enableXsrfProtection": True,
        "server_xsrfCookieSameSite": "strict",
        "server_maxUploadSize": 64,
        "server_disconnectedSessionTTL": 30,
        "server_trustedUserHeaders": f'{{"{SESSION_HEADER}": "session"}}',
        **_theme(),
        **({"server_sslCertFile": None} if not tls else {}),
    }


def _theme() -> dict[str, Any]:
    """Ink on paper, jade for what may be pressed."""
    return {
        "theme_base": "light",
        "theme_primaryColor": JADE,
        "theme_backgroundColor": PAPER,
        "theme_secondaryBackgroundColor": SHEET,
        "theme_textColor": INK,
        "theme_linkColor": JADE,
        "theme_borderColor": LINE,
        "theme_showWidgetBorder": True,
        "theme_baseRadius": "4px",
        "theme_font": _SANS,
        "theme_headingFont": _SERIF,
        "theme_headingFontSizes": ["1.75rem", "1.3rem", "1.15rem", "1rem", "1rem", "1rem"],
        "theme_baseFontSize": 15,
        "theme_codeFont": '"Noto Sans Mono CJK SC","SFMono-Regular",Menlo,monospace',
    }
