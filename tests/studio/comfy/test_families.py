"""Each family's graph is one that a real server accepts, and is offered where all it needs is there and nowhere else."""

from pathlib import Path

import pytest

from studio.comfy.graph import OUTPUT
from studio.comfy.inventory import Inventory
from studio.comfy.workflows import FAMILIES
from studio.comfy.workflows.base import Asked
from studio.engines.base import ModelInfo, RemoteState, Request
from studio.engines.comfy import Comfy
from tests.fakes.comfy.running import Served, served

ASKED = {"prompt": "a red boat", "width": 512, "height": 512, "seed": 2**53 - 1}
DOC = Path(__file__).resolve().parents[3] / "docs" / "adding-a-model.md"


@pytest.fixture
def engine() -> Comfy:
    return Comfy()


def offered(engine: Comfy, server: Served) -> list[str]:
    return [info.id for info in engine.models(server.url) if not info.why_not]


def made(engine: Comfy, server: Served, model: str, **params: object) -> RemoteState:
    request = Request("image.generate", model, {**ASKED, **params}, url=server.url, folder="t1/job")
    ident = engine.start(request, "22222222-2222-4222-8222-222222222222")
    while (status := engine.poll(server.url, ident)).state in (RemoteState.QUEUED, RemoteState.RUNNING):
        engine.wait(server.url, ident, 0.2)
    assert status.error is None, status.error
    [output] = engine.fetch(request, ident)
    assert (output.content_type, output.width_px, output.height_px) == ("image/png", 512, 512)
    assert b"red boat" not in output.data  # a PNG of ComfyUI carries the words and the whole graph
    return status.state


def test_every_model_of_a_full_server_makes_a_picture(engine: Comfy, comfy: Served) -> None:
    models = offered(engine, comfy)
    assert {"comfy/flux-1-dev", "comfy/z-image-turbo", "comfy/ckpt/sd_xl_base_1.0.safetensors"} <= set(models)
    for model in models:
        assert made(engine, comfy, model, steps=2) is RemoteState.DONE


@pytest.mark.parametrize(
    ("lost", "model", "said"),
    [
        ("clip_l.safetensors", "comfy/flux-1-dev", "ComfyUI lacks clip_l.safetensors in models/text_encoders."),
        ("ae.safetensors", "comfy/z-image-turbo", "ComfyUI lacks ae.safetensors in models/vae."),
        ("ModelSamplingAuraFlow", "comfy/z-image-turbo", "ComfyUI lacks the node ModelSamplingAuraFlow."),
    ],
)
def test_a_family_that_lacks_one_thing_is_not_offered_and_says_which(
    engine: Comfy, comfy: Served, lost: str, model: str, said: str
) -> None:
    comfy.lose(lost)
    assert model not in offered(engine, comfy)
    assert [info.why_not for info in engine.models(comfy.url) if info.id == model] == [said]


def test_the_smaller_text_encoder_is_taken_where_only_that_is_there(engine: Comfy) -> None:
    files = ["diffusion_models/flux1-dev.safetensors", "text_encoders/clip_l.safetensors", "vae/ae.safetensors"]
    with served([*files, "text_encoders/t5xxl_fp8_e4m3fn_scaled.safetensors"], seconds=0.01) as small:
        assert made(engine, small, "comfy/flux-1-dev") is RemoteState.DONE


def test_a_checkpoint_of_another_kind_is_no_sdxl() -> None:
    others = ("sd3.5_large", "ace_step_v1_3.5b", "hunyuan_3d_v2.1", "stable-audio-open-1.0", "flux1-dev-fp8")
    names = ["sd_xl_base_1.0.safetensors", "art/juggernautXL.safetensors", *(f"{name}.safetensors" for name in others)]
    info = {"CheckpointLoaderSimple": {"input": {"required": {"ckpt_name": [names]}}}}
    slugs = [variant.slug for variant in FAMILIES["ckpt"].variants(Inventory(info))]
    assert slugs == ["ckpt/sd_xl_base_1.0.safetensors", "ckpt/art/juggernautXL.safetensors"]


def test_a_checkpoint_takes_the_settings_of_its_own_card_unless_a_person_says_others() -> None:
    sdxl = FAMILIES["ckpt"]
    playground = sdxl.variant("ckpt/playground-v2.5-1024px-aesthetic.fp16.safetensors")
    assert playground
    assert (playground.steps, playground.cfg) == (50, 3.0)
    graph = sdxl.build(playground, Asked("a", 512, 512, 1, 9, 2.5, negative_prompt="b", prefix="x"), Inventory({}))
    [sampler] = [node["inputs"] for node in graph.nodes.values() if node["class_type"] == "KSampler"]
    assert (sampler["steps"], sampler["cfg"], sampler["scheduler"]) == (9, 2.5, "karras")
    texts = [node["inputs"]["text"] for node in graph.nodes.values() if node["class_type"] == "CLIPTextEncode"]
    assert texts == ["a", "b"]
    assert graph.nodes[OUTPUT]["inputs"]["filename_prefix"] == "x"


def test_a_name_too_long_to_be_kept_is_no_model() -> None:
    assert FAMILIES["ckpt"].variant("ckpt/" + "x" * 200) is None


def test_what_a_model_can_do_is_told_with_it(engine: Comfy, comfy: Served) -> None:
    told = {info.id: info for info in engine.models(comfy.url)}
    flux, sdxl = told["comfy/flux-1-dev"], told["comfy/ckpt/sd_xl_base_1.0.safetensors"]
    assert (flux.multiple_px, flux.defaults, flux.supports) == (16, {"steps": 20, "cfg": 3.5}, {"seed", "steps", "cfg"})
    assert (sdxl.multiple_px, sdxl.defaults) == (8, {"steps": 25, "cfg": 7.0})
    assert "negative_prompt" in sdxl.supports
    assert ModelInfo.from_dict(sdxl.as_dict()) == sdxl


@pytest.fixture
def documented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The family of docs/adding-a-model.md as a file, and its one line."""
    text = DOC.read_text(encoding="utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    line = next(line for line in text.splitlines() if line.startswith("FAMILIES.register("))
    (tmp_path / "flux_1_schnell.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(FAMILIES, "_paths", dict(FAMILIES._paths))
    monkeypatch.setattr(FAMILIES, "_loaded", dict(FAMILIES._loaded))
    exec(line.replace("studio.comfy.workflows.", ""), {"FAMILIES": FAMILIES})  # noqa: S102


@pytest.mark.usefixtures("documented")
def test_the_page_on_adding_a_model_adds_one(engine: Comfy) -> None:
    files = ["diffusion_models/flux1-schnell.safetensors", "text_encoders/clip_l.safetensors",
             "text_encoders/t5xxl_fp16.safetensors", "vae/ae.safetensors"]  # fmt: skip
    with served(files, seconds=0.01) as server:
        assert offered(engine, server) == ["comfy/flux-1-schnell"]
        assert made(engine, server, "comfy/flux-1-schnell") is RemoteState.DONE
