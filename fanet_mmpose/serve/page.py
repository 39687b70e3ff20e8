"""The page: a picture, what to do with it, and what came of it."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from fanet_mmpose.serve.finder import AS_LEARNT, SCHEMAS, Finder

FOLDER = Path(__file__).parent
CSS, ASK = ((FOLDER / name).read_text(encoding='utf-8') for name in ('page.css', 'page.js'))
INTRODUCTION = (
    '## FANet: facial landmarks\n'
    'Points are green where the model is sure, red where it is not, rings where it expects them '
    'hidden. Pictures are not kept. Weights are for non-commercial research, but those of '
    '`fanet_lite_free`.'
)
SHOW = [
    ('Head pose', 'pose'),
    ('Eyes and mouth', 'eyes,mouth'),
    ('Visibility', 'visibility'),
    ('Aligned crop, 112 px', 'crop'),
]  # label, names of `panel.SHOWS`
SHOW_NUMBERS = "(on) => { document.getElementById('result').classList.toggle('numbers', on); }"


def build_page(finder: Finder) -> gr.Blocks:
    """Gradio's components, wired by `page.js`: no event passes through Gradio's own queue."""
    with gr.Blocks(title='FANet', analytics_enabled=False) as page:
        gr.Markdown(INTRODUCTION)
        with gr.Row():
            with gr.Column(scale=1):
                photo = gr.Image(
                    label=f'Picture, at most {finder.limits.megabytes} MB',
                    sources=['upload', 'webcam', 'clipboard'],
                    type='filepath',
                    buttons=[],
                    elem_id='photo',
                )
                model = gr.Dropdown(list(finder.models), value=finder.models[0], label='Model')
                detector = gr.Dropdown(
                    list(finder.detectors), value='blazeface_all', label='Detector'
                )
                schema = gr.Dropdown(list(SCHEMAS), value=AS_LEARNT, label='Points')
                show = gr.CheckboxGroup(SHOW, label='Show', elem_id='show')
                close_up = gr.Checkbox(label='Close-up of the faces', elem_id='close-up')
                numbers = gr.Checkbox(label='Numbers', elem_id='numbers')
            with gr.Column(scale=2):
                sentence = gr.Textbox(label='Found', interactive=False, elem_id='sentence')
                result = gr.HTML(elem_id='result')
        choices = (model, detector, schema, close_up, show)
        gr.on(
            [photo.clear, *(one.input for one in (photo, *choices))],
            fn=None,
            inputs=[photo, *choices],
            outputs=[photo, result, sentence],
            js=ASK,
        )
        numbers.change(fn=None, inputs=numbers, js=SHOW_NUMBERS)
    return page
