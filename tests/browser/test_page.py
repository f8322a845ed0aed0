"""What a person does on the page works."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from spikecast.predictor import Predictor
from spikecast_cli.main import main


def latency(page: Page) -> str:
    return page.locator("#value-latency_us").inner_text()


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#value-latency_us")).to_be_visible()


def test_the_page_says_what_the_predictor_says(page: Page, address: str) -> None:
    opened(page, address + "?surrogate=spike_rate_escape&neuron=lapicque")
    expected = Predictor.load().predict({"surrogate": "sre", "neuron": "lapicque"})
    assert latency(page) == f"{expected.latency_us.value:.1f} µs"
    assert page.locator("#value-accuracy").inner_text() == f"{expected.accuracy.value:.3f}"
    assert page.locator("#layers tbody tr").count() == len(expected.layers)
    assert page.locator("#neighbours tbody tr").count() == len(expected.neighbours)
    assert page.locator("#timeline div").count() == len(expected.layers)
    expect(page.locator("#front .scatterlayer .trace")).to_have_count(3)
    expect(page.locator("#neurons tbody tr")).to_have_count(6)


def test_a_slider_moves_the_number(page: Page, address: str) -> None:
    opened(page, address)
    before = latency(page)
    slider = page.locator("#choice-threshold")
    slider.focus()
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#value-latency_us")).not_to_have_text(before)
    assert re.search(r"threshold=1\.\d+", page.url)


def test_answers_move_while_a_slider_is_dragged(page: Page, address: str) -> None:
    searches: list[str] = []
    page.on("request", lambda request: searches.append(request.url) if "/v1/pareto" in request.url else None)
    opened(page, address)
    before = latency(page)
    page.evaluate(
        """() => {
          const slider = document.getElementById("choice-threshold");
          window.drag = setInterval(() => {
            slider.value = (Number(slider.value) + 1) % 200;
            slider.dispatchEvent(new Event("input"));
          }, 20);
        }"""
    )
    expect(page.locator("#value-latency_us")).not_to_have_text(before)
    page.evaluate("clearInterval(window.drag)")
    expect(page.locator("#front .scatterlayer .trace")).to_have_count(3)
    # Where the choices lie changes, what they are compared with does not.
    assert len(searches) == 1


def test_outside_what_was_measured(page: Page, address: str) -> None:
    opened(page, address)
    expect(page.locator("#domain")).to_have_text("inside what was measured")
    page.get_by_label("threshold, as a number").fill("7")
    expect(page.locator("#domain")).to_have_text("outside what was measured")
    expect(page.locator("#reasons li").first).to_contain_text("threshold 7 was never measured")


def test_a_choice_that_is_not_allowed(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_label("beta, as a number").fill("7")
    expect(page.locator("#problem")).to_contain_text("less than 1")
    expect(page.locator("#answers.stale")).to_have_count(1)
    page.get_by_label("beta, as a number").fill("0.5")
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("#answers.stale")).to_have_count(0)


def test_the_layers_of_a_pipeline_work_at_the_same_time(page: Page, address: str) -> None:
    opened(page, address + "?architecture=FC100-FC100-FC10&hardware=fc-pipeline")
    expect(page.locator("#layers thead")).to_contain_text("done at cycle")
    expect(page.locator("#work")).to_be_hidden()
    page.locator("#machine").select_option("sparse-core")
    expect(page.locator("#work")).to_be_visible()
    expect(page.locator("#timeline div")).to_have_count(3)


def test_sliders_span_what_was_measured_on_the_data_set(page: Page, address: str) -> None:
    opened(page, address)
    columns = Predictor.load().measured.questions.columns
    page.locator("#more summary").click()
    for dataset in ("digits-saccade", "nmnist"):
        page.locator("#choice-dataset").select_option(dataset)
        own = columns["dropout"][columns["dataset"] == dataset]
        span = f"measured {own.min():g} to {own.max():g} on {dataset}"
        expect(page.locator("#more-choices small").filter(has_text=span)).not_to_have_count(0)


def test_an_address_restores_the_choices(page: Page, address: str) -> None:
    opened(page, address)
    page.locator("#choice-neuron").select_option("lapicque")
    page.locator("#choice-surrogate").select_option("atan")
    page.locator("#machine").select_option("pulse-small")
    page.get_by_label("slope, as a number").fill("4")
    expect(page).to_have_url(re.compile("slope=4"))
    again = page.context.new_page()
    # Its first answer is to all that the address holds; the page before has answered every choice on the way.
    opened(again, page.url)
    expect(page.locator("#value-latency_us")).to_have_text(latency(again))
    assert again.locator("#choice-surrogate").input_value() == "atan"
    assert again.locator("#machine").input_value() == "pulse-small"
    again.locator("#reset").click()
    expect(again).to_have_url(address)


def test_short_names_in_an_address(page: Page, address: str) -> None:
    opened(page, address + "?surrogate=sre")
    expect(page.locator("#choice-surrogate")).to_have_value("spike_rate_escape")
    expect(page.locator("#main-choices small").filter(has_text="for spike_rate_escape")).to_have_count(1)


def test_a_slider_comes_back_from_a_number_that_has_no_place_on_it(page: Page, address: str) -> None:
    opened(page, address)
    page.get_by_label("slope, as a number").fill("0")
    expect(page.locator("#problem")).to_be_visible()
    page.locator("#choice-slope").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#problem")).to_be_hidden()
    assert float(page.get_by_label("slope, as a number").input_value()) > 0


def test_the_question_as_a_command(page: Page, address: str) -> None:
    opened(page, address + "?neuron=lapicque&slope=4")
    page.get_by_role("button", name="Copy as CLI").click()
    expect(page.locator("#copied")).to_contain_text("spikecast predict --slope 4 --neuron lapicque")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#copied")).to_contain_text(
        '{"choices":{"slope":4,"neuron":"lapicque"},"hardware":"sparse-core"}'
    )


#: Buttons, and how the text begins that only they copy: what the last one copied still stands there for a moment.
COPIES = {"Copy as CLI": "spikecast predict", "Copy as Python": "from spikecast", "Copy link": "http"}


def copied(page: Page, name: str) -> str:
    page.get_by_role("button", name=name).click()
    place = page.locator("#copied")
    expect(place).to_have_text(re.compile(f"^(Copied: )?{COPIES[name]}"))
    return str(place.evaluate("(place) => place.textContent")).removeprefix("Copied: ")


def test_what_is_copied_asks_the_same(
    page: Page, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(page, address + "?neuron=lapicque&slope=4&hardware=pulse-small")
    expected = Predictor.load().predict({"neuron": "lapicque", "slope": 4}, "pulse-small")
    monkeypatch.setattr("sys.argv", [*shlex.split(copied(page, "Copy as CLI")), "--json"])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(expected.to_dict()))
    exec(copied(page, "Copy as Python"), {})
    assert capsys.readouterr().out.strip() == str(expected)
    assert copied(page, "Copy link") == page.url


def test_a_command_names_a_model_that_does_not_ship(page: Page, address_of_my_model: str) -> None:
    opened(page, address_of_my_model)
    assert copied(page, "Copy as CLI") == "spikecast predict --model mine"
    assert 'Predictor.load("mine")' in copied(page, "Copy as Python")


@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("query", ["", "?architecture=16C3-16C3-MP2-FC100"])
def test_a_narrow_screen_does_not_scroll_sideways(page: Page, address: str, width: int, query: str) -> None:
    """Nor does a reason that lists long names of networks make it."""
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, address + query)
    expect(page.locator("#reasons li")).to_have_count(1 if query else 0)
    expect(page.locator("#front-note")).not_to_be_empty()
    expect(page.locator("#neurons tbody tr")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


#: Gives the least contrast of any text on the page with what lies behind it.
CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    opened(page, address + "?threshold=7")
    expect(page.locator("#reasons li").first).to_be_visible()
    assert 4.5 <= page.evaluate(CONTRAST) < 99


def test_every_control_can_be_reached_by_keyboard(page: Page, address: str) -> None:
    opened(page, address)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.form || ''"))
    assert reached >= {
        "choice-surrogate",
        "choice-slope",
        "choice-neuron",
        "choice-beta",
        "machine",
        "reset",
        "cli",
        "url",
    }
