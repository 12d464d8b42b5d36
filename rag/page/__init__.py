"""The page without its server: answers and sources as escaped HTML, the guard in front, the style and the script.

No gradio here: app.py puts these pieces into Gradio, another app may put them anywhere.
"""
