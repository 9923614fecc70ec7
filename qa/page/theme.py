"""The page's looks as Gradio takes them: system fonts, paper and ink, one accent."""

from pathlib import Path

import gradio as gr

# In the page's head, because Gradio rewrites the selectors of what it is given as CSS, and breaks some.
STYLES = f"<style>{Path(__file__).with_name('page.css').read_text(encoding='utf-8')}</style>"
ICON = Path(__file__).with_name("icon.svg")

_SANS = ("ui-sans-serif", "system-ui", "sans-serif")
_MONO = ("ui-monospace", "monospace")
_GREEN, _GREEN_DARKER, _GREEN_LIGHT, _GREEN_LIGHTER = "#1f5f5b", "#174a47", "#83c9bf", "#a4d9d1"

# Each in light, then in dark.
_COLOURS = {
    "body_background_fill": ("#faf8f3", "#17191a"),
    "body_text_color": ("#23262a", "#e4e1d9"),
    "body_text_color_subdued": ("#5c6066", "#a5a8aa"),
    "background_fill_primary": ("#fffefb", "#1f2223"),
    "background_fill_secondary": ("#f2efe7", "#202425"),
    "border_color_primary": ("#dcd7ca", "#3a3f40"),
    "border_color_accent": (_GREEN, _GREEN_LIGHT),
    "color_accent_soft": ("#cfe6e0", "#1d4a47"),
    "link_text_color": (_GREEN, _GREEN_LIGHT),
    "block_background_fill": ("transparent", "transparent"),
    "block_info_text_color": ("#5c6066", "#a5a8aa"),
    "block_title_text_color": ("#23262a", "#e4e1d9"),
    "input_background_fill": ("#fffefb", "#1f2223"),
    "input_background_fill_focus": ("#fffefb", "#1f2223"),
    "input_border_color": ("#8b8d88", "#6d7374"),
    "input_border_color_focus": (_GREEN, _GREEN_LIGHT),
    "button_primary_background_fill": (_GREEN, _GREEN_LIGHT),
    "button_primary_background_fill_hover": (_GREEN_DARKER, _GREEN_LIGHTER),
    "button_primary_border_color": (_GREEN, _GREEN_LIGHT),
    "button_primary_text_color": ("#ffffff", "#17191a"),
    "button_secondary_background_fill": ("transparent", "transparent"),
    "button_secondary_background_fill_hover": ("#f2efe7", "#25292a"),
    "button_secondary_border_color": ("#c9c4b6", "#4a5051"),
    "button_secondary_text_color": ("#23262a", "#e4e1d9"),
}


def theme() -> gr.themes.Base:
    """The theme; page.css says the rest, in this theme's variables."""
    colours = {name: light for name, (light, _) in _COLOURS.items()}
    colours |= {f"{name}_dark": dark for name, (_, dark) in _COLOURS.items()}
    made = gr.themes.Base(font=_SANS, font_mono=_MONO, radius_size="sm")
    return made.set(
        **colours,
        color_accent=_GREEN,
        block_border_width="0px",
        block_shadow="none",
        input_border_width="1px",
    )
