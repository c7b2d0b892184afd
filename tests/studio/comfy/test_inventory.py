"""What a server has, in the three spellings of its choices; and what a graph would lack there."""

import json
from typing import Any

import pytest

from studio.comfy.graph import Graph
from studio.comfy.inventory import Inventory
from tests.fakes.comfy.catalogue import RECORDED

NODES: dict[str, Any] = json.loads((RECORDED / "nodes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("spec", "choices"),
    [
        ([["a", "b"], {}], ["a", "b"]),
        ([["a"]], ["a"]),
        (["COMBO", {"options": ["a", "b"], "multiselect": False}], ["a", "b"]),
        (["COMFY_DYNAMICCOMBO_V3", {"options": [{"key": "mp3", "inputs": {}}, {"key": "flac", "inputs": {}}]}], ["mp3", "flac"]),
        (["STRING", {"multiline": True}], None),
        (["INT", {"min": 1}], None),
        ([], None),
    ],
)
def test_choices_are_read_in_every_spelling(spec: list[Any], choices: list[str] | None) -> None:
    assert Inventory({"Node": {"input": {"required": {"x": spec}}}}).choices("Node", "x") == choices


def test_nothing_is_known_of_a_node_that_is_not_there() -> None:
    assert Inventory({}).choices("Node", "x") is None


def test_the_recorded_server_knows_the_text_encoder_types_that_the_families_need() -> None:
    inventory = Inventory(NODES)
    assert "flux" in (inventory.choices("DualCLIPLoader", "type") or [])
    assert "lumina2" in (inventory.choices("CLIPLoader", "type") or [])


@pytest.mark.parametrize("there", ["ae.safetensors", "flux/ae.safetensors", "flux\\ae.safetensors"])
def test_a_file_is_found_in_whatever_subfolder(there: str) -> None:
    inventory = Inventory({"VAELoader": {"input": {"required": {"vae_name": [["other.safetensors", there]]}}}})
    assert inventory.pick("VAELoader", "vae_name", ["better.safetensors", "ae.safetensors"]) == there
    assert inventory.pick("VAELoader", "vae_name", ["none.safetensors"]) == "none.safetensors"


def test_what_is_missing_is_named_file_by_file_with_its_folder() -> None:
    graph = Graph()
    graph.add("UNETLoader", unet_name="sub/flux1-dev.safetensors", weight_dtype="default")
    graph.add("VAELoader", vae_name="ae.safetensors")
    info = {
        "UNETLoader": {"input": {"required": {"unet_name": [[]], "weight_dtype": [["default"]]}}},
        "VAELoader": {"input": {"required": {"vae_name": [["ae.safetensors"]]}}},
    }
    assert Inventory(info).lacks(graph) == "ComfyUI lacks flux1-dev.safetensors in models/diffusion_models."


def test_an_old_server_lacks_a_choice_and_a_bare_one_a_node() -> None:
    graph = Graph()
    graph.add("CLIPLoader", clip_name="q.safetensors", type="lumina2")
    graph.add("ModelSamplingAuraFlow", shift=3.0)
    info = {"CLIPLoader": {"input": {"required": {"clip_name": [["q.safetensors"]], "type": [["sd3"]]}}}}
    said = Inventory(info).lacks(graph)
    assert said == "ComfyUI lacks the node ModelSamplingAuraFlow and type “lumina2” of CLIPLoader, so it is too old."
