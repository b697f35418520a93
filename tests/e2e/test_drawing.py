"""Drawing a model by hand: layers, edges, arguments, shapes, mistakes, undo."""

from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor, create_model, use_template


def draw_digits_classifier(editor: Editor) -> None:
    editor.drag_layer("InputLayer", 400, 90)
    editor.drag_layer("Flatten", 400, 250)
    editor.drag_layer("Dense", 400, 410)
    expect(editor.node("dense")).to_be_visible()
    editor.connect("input_layer", "flatten")
    editor.connect("flatten", "dense")
    editor.select("input_layer")
    editor.set_argument("shape", "(8, 8, 1)")
    editor.select("dense")
    editor.set_argument("units", "10")


def test_layers_dragged_and_connected_show_the_shapes_that_keras_computes(page: Page) -> None:
    editor = create_model(page, "Drawn by hand")
    draw_digits_classifier(editor)
    expect(editor.node("flatten")).to_contain_text("(None, 64)")
    expect(editor.node("dense")).to_contain_text("(None, 10)")
    expect(editor.node("dense")).to_contain_text("650 params")
    expect(editor.edge_label("(None, 8, 8, 1)")).to_have_count(1)
    expect(editor.edge_label("(None, 64)")).to_have_count(1)
    expect(editor.status).to_contain_text("No issues")
    expect(editor.status).to_contain_text("650 parameters")


def test_a_mistake_is_shown_on_the_node_that_causes_it_and_goes_away_when_mended(page: Page) -> None:
    editor = create_model(page, "With a mistake")
    draw_digits_classifier(editor)
    expect(editor.status).to_contain_text("No issues")
    editor.set_argument("units", "0")
    expect(editor.node("dense").get_by_role("status")).to_contain_text("units")
    expect(editor.node("flatten").get_by_role("status")).to_have_count(0)
    expect(editor.status).to_contain_text("1 issue")
    editor.set_argument("units", "32")
    expect(editor.node("dense").get_by_role("status")).to_have_count(0)
    expect(editor.node("dense")).to_contain_text("(None, 32)")


def test_what_was_drawn_is_there_after_a_reload_and_every_step_can_be_undone(page: Page) -> None:
    editor = create_model(page, "Kept")
    draw_digits_classifier(editor)
    expect(editor.node("dense")).to_contain_text("(None, 10)")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(editor.node("dense")).to_contain_text("(None, 32)")
    page.get_by_role("button", name="Redo", exact=True).click()
    expect(editor.node("dense")).to_contain_text("(None, 10)")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(editor.node("dense")).to_contain_text("(None, 10)")


def test_the_drawing_of_model_to_dot_can_be_seen_and_saved_as_svg(page: Page) -> None:
    use_template(page, "Digits MLP")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("menuitem", name="Show the drawing").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img")).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as SVG").click()
    assert download.value.suggested_filename.endswith(".svg")
    text = download.value.path().read_text()
    assert text.lstrip().startswith(("<?xml", "<svg"))
    assert "Flatten" in text
