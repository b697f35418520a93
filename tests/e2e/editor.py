"""What a person does in the editor, in words."""

import re

from playwright.sync_api import Locator, Page, expect


class Editor:
    """The editor page of one model."""

    def __init__(self, page: Page):
        self.page = page
        self.canvas = page.get_by_role("region", name="Canvas")
        self.palette = page.get_by_role("region", name="Layers")
        self.status = page.get_by_role("region", name="Status")
        self.arguments = page.get_by_role("region", name="Arguments")

    def drag_layer(self, class_name: str, x: int, y: int) -> None:
        """From the palette to a place on the canvas, in pixels from its upper left corner."""
        self.palette.get_by_label("Search layers").fill(class_name)
        item = self.palette.get_by_role("button", name=class_name, exact=True)
        item.drag_to(self.canvas, target_position={"x": x, "y": y})

    def node(self, name: str) -> Locator:
        """A node on the canvas by its id."""
        return self.canvas.locator(f'.react-flow__node[data-id="{name}"]')

    def edge_label(self, shape: str) -> Locator:
        """The labels of the edges that carry a tensor of this shape."""
        return self.canvas.locator("[data-edge]", has_text=shape)

    def connect(self, source: str, target: str, argument: str = "inputs") -> None:
        """Draws an edge with the mouse, from handle to handle."""
        start = self.canvas.get_by_label(f"Output of {source}", exact=True)
        end = self.canvas.get_by_label(f"Argument {argument} of {target}", exact=True)
        self._hover_middle(start)
        self.page.mouse.down()
        self._hover_middle(end)
        self.page.mouse.up()

    def select(self, name: str) -> None:
        """Chooses one node, so that the inspector shows it."""
        self.node(name).click()
        shown = self.page.get_by_role("region", name="Layer", exact=True).get_by_label("name")
        expect(shown).to_have_attribute("placeholder", name)

    def set_argument(self, name: str, value: str) -> None:
        """Types a value into the chosen layer's form and leaves the field."""
        field = self.arguments.get_by_label(re.compile(rf"^{name}( \*)?$"))
        field.fill(value)
        field.press("Tab")

    def _hover_middle(self, handle: Locator) -> None:
        box = handle.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=12)


def create_model(page: Page, name: str) -> Editor:
    """From the home page: a new, empty model, open in the editor."""
    page.goto("/")
    page.get_by_role("button", name="New model").click()
    dialog = page.get_by_role("dialog", name="New model")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create").click()
    page.wait_for_url("**/models/*")
    return Editor(page)


def use_template(page: Page, title: str) -> Editor:
    """From the home page: a model made from a template, open in the editor."""
    page.goto("/")
    page.get_by_role("button", name=f"Use the template {title}").click()
    page.wait_for_url("**/models/*")
    return Editor(page)
