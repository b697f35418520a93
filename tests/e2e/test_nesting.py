"""Models inside models, shared layers, groups and notes: made, used, changed, taken apart, and kept."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor, create_model


def draw_tower(editor: Editor) -> None:
    """input_layer → dense → dense_1 → dense_2, each added below the one before."""
    editor.drag_layer("InputLayer", 400, 90)
    for name in ("dense", "dense_1", "dense_2"):
        add_from_palette(editor, "Dense")
        expect(editor.node(name)).to_contain_text("(None, 32)")


def add_from_palette(editor: Editor, class_name: str) -> None:
    """Below the chosen node, as a click in the palette does."""
    editor.palette.get_by_label("Search layers").fill(class_name)
    editor.palette.get_by_role("button", name=class_name, exact=True).first.click()


def choose_nothing(editor: Editor) -> None:
    """A click into the empty canvas."""
    editor.canvas.click(position={"x": 150, "y": 600})


def choose(editor: Editor, *names: str) -> None:
    choose_nothing(editor)
    for name in names:
        editor.node(name).click(modifiers=["Control"])


def undo_until(editor: Editor, name: str) -> None:
    """Undoes step by step until the node is there again."""
    undo = editor.page.get_by_role("button", name="Undo", exact=True)
    for _ in range(20):
        if editor.node(name).count():
            return
        undo.click()
    raise AssertionError(f"{name} did not come back")


def test_a_selection_becomes_a_model_that_is_edited_shared_and_dissolved(page: Page) -> None:
    editor = create_model(page, "Nested")
    draw_tower(editor)
    choose(editor, "dense", "dense_1")
    page.get_by_role("button", name="Nest selection").click()
    model = editor.node("functional")
    expect(model).to_contain_text("3 layers inside")
    expect(model).to_contain_text("1,344 params")
    expect(editor.node("dense_1")).to_have_count(0)

    model.get_by_role("button", name="Open functional").click()
    expect(page).to_have_url(re.compile(r"\?inside=functional$"))
    trail = page.get_by_role("navigation", name="Open graph")
    expect(trail).to_contain_text("Nested")
    expect(editor.node("dense")).to_contain_text("(None, 32)")
    editor.select("dense_1")
    editor.set_argument("units", "5")
    expect(editor.node("dense_1")).to_contain_text("(None, 5)")
    trail.get_by_role("button", name="Nested").click()
    expect(model).to_contain_text("(None, 5)")
    expect(editor.node("dense_2")).to_contain_text("192 params")

    editor.select("functional")
    page.get_by_role("button", name="Share").click()
    again = editor.node("functional_call_2")
    editor.connect("input_layer", "functional_call_2")
    expect(again).to_contain_text("2 of 2")
    expect(again).to_contain_text("(None, 5)")
    expect(editor.status).to_contain_text("645 parameters")
    calls = page.get_by_role("region", name="Calls")
    expect(calls).to_contain_text("the 453 parameters count once")
    expect(calls.get_by_text("(None, 8) → (None, 5)")).to_have_count(2)

    page.get_by_role("button", name="Dissolve").click()
    expect(editor.node("dense_1_call_2")).to_contain_text("2 of 2")
    expect(editor.status).to_contain_text("645 parameters")
    expect(editor.status).to_contain_text("No issues")
    undo_until(editor, "functional")
    expect(model).to_contain_text("(None, 5)")
    undo_until(editor, "dense")
    expect(editor.status).to_contain_text("2,400 parameters")


def test_a_mistake_inside_a_model_is_shown_on_it_and_leads_to_its_place(page: Page) -> None:
    editor = create_model(page, "Broken inside")
    draw_tower(editor)
    choose(editor, "dense", "dense_1")
    page.keyboard.press("Control+Shift+G")
    editor.select("functional")
    page.keyboard.press("Enter")
    editor.select("dense_1")
    editor.set_argument("units", "0")
    expect(editor.node("dense_1").get_by_role("status")).to_contain_text("units")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(editor.node("dense_1").get_by_role("status")).to_contain_text("units")
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("inside="))
    editor.node("functional").get_by_text("Inside, at dense_1").click()
    expect(page).to_have_url(re.compile(r"\?inside=functional$"))
    expect(page.get_by_role("region", name="Layer", exact=True).get_by_label("name")).to_have_value("dense_1")


def test_a_group_and_a_note_are_there_after_a_reload(page: Page) -> None:
    editor = create_model(page, "Annotated")
    draw_tower(editor)
    choose(editor, "dense", "dense_1")
    page.keyboard.press("Control+G")
    title = page.get_by_role("region", name="Group", exact=True).get_by_label("title")
    title.fill("Encoder")
    title.press("Tab")
    page.get_by_role("button", name="Add a note").click()
    page.get_by_label("Text of the note").fill("Why two layers?\nBecause one was not enough.")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(editor.canvas.get_by_text("Encoder", exact=True)).to_be_visible()
    expect(editor.canvas.get_by_text("Because one was not enough.")).to_be_visible()
    expect(editor.status).to_contain_text("No issues")


def test_a_sequential_grows_at_its_end_and_takes_a_layer_dropped_on_an_edge(page: Page) -> None:
    editor = create_model(page, "Chain")
    draw_tower(editor)
    choose_nothing(editor)
    page.get_by_role("radiogroup", name="Class of the graph").get_by_text("Sequential").click()
    editor.node("dense").click()
    add_from_palette(editor, "Dropout")
    expect(editor.node("dropout")).to_contain_text("(None, 32)")
    page.get_by_role("button", name="Fit View").click()
    page.wait_for_function("() => !document.querySelector('[data-moving]')")
    box = editor.edge_label("(None, 8)").bounding_box()
    frame = editor.canvas.bounding_box()
    assert box is not None
    assert frame is not None
    place = (round(box["x"] + box["width"] / 2 - frame["x"]), round(box["y"] + box["height"] / 2 - frame["y"]))
    editor.drag_layer("Reshape", *place)
    editor.select("reshape")
    editor.set_argument("target_shape", "(2, 4)")
    expect(editor.node("dense")).to_contain_text("(None, 2, 32)")
    expect(editor.status).to_contain_text("No issues")
