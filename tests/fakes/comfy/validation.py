"""What `POST /prompt` refuses, in the words of the real server."""

import traceback
from typing import Any

from tests.fakes.comfy.catalogue import IMAGE_LOADERS, Catalogue

Graph = dict[str, dict[str, Any]]
Problem = dict[str, Any]
KINDS = {"INT": int, "FLOAT": float, "STRING": str, "BOOLEAN": bool}
LONG_LIST = 20
CYCLE = "dependency_cycle"


def problem(kind: str, message: str, details: str = "", **extra: Any) -> Problem:
    return {"type": kind, "message": message, "details": details, "extra_info": extra}


class Refused(Exception):
    """The whole prompt: `error` and `node_errors` are the body of the 400."""

    def __init__(self, error: Problem, node_errors: dict[str, Any] | None = None) -> None:
        super().__init__(error["message"])
        self.body = {"error": error, "node_errors": node_errors or {}}


class Cycle(Exception):
    def __init__(self, nodes: list[str]) -> None:
        super().__init__("cycle")
        self.nodes = nodes


class Validation:
    """One prompt. `results` maps a node to its own problems, None for "spoilt from above"."""

    def __init__(self, graph: Graph, catalogue: Catalogue) -> None:
        self.graph = graph
        self.catalogue = catalogue
        self.results: dict[str, list[Problem] | None] = {}

    def outputs(self) -> list[str]:
        """The output nodes that can run, and why the others cannot. Raises Refused when nothing can."""
        for ident, node in self.graph.items():
            self._known(ident, node)
        wanted = [ident for ident, node in self.graph.items() if self.catalogue.is_output(node["class_type"])]
        if not wanted:
            raise Refused(problem("prompt_no_outputs", "Prompt has no outputs"))
        good, self.node_errors, said = [], {}, []
        for output in wanted:
            try:
                ok = self._is_good(output, [])
            except Cycle as cycle:
                ok = self._blame_cycle(cycle)
            except Exception as error:
                kind = {"exception_type": type(error).__name__, "traceback": traceback.format_tb(error.__traceback__)}
                message = "Exception when validating node"
                self.results[output] = [problem("exception_during_validation", message, str(error), **kind)]
                ok = False
            if ok:
                good.append(output)
                continue
            said += [f"{one['message']}: {one['details']}" for one in self.results.get(output) or []]
            self._report(output)
        if not good:
            error = problem("prompt_outputs_failed_validation", "Prompt outputs failed validation", "\n".join(said))
            raise Refused(error, self.node_errors)
        return good

    def _known(self, ident: str, node: dict[str, Any]) -> None:
        class_type = node.get("class_type")
        if class_type in self.catalogue:
            return
        title = node.get("_meta", {}).get("title", class_type)
        message = f"Node '{title}' not found. The custom node may not be installed."
        extra = {"node_id": ident, "class_type": class_type, "node_title": title}
        raise Refused(problem("missing_node_type", message, f"Node ID '#{ident}'", **extra))

    def _report(self, output: str) -> None:
        for ident, problems in self.results.items():
            if problems:
                entry = {"errors": problems, "dependent_outputs": [], "class_type": self.graph[ident]["class_type"]}
                self.node_errors.setdefault(ident, entry)["dependent_outputs"].append(output)

    def _blame_cycle(self, cycle: Cycle) -> bool:
        names = [f"{ident} ({self.graph[ident]['class_type']})" for ident in [*cycle.nodes, cycle.nodes[0]]]
        for ident in cycle.nodes:
            extra = {"node_id": ident, "cycle_nodes": cycle.nodes}
            self.results[ident] = [problem(CYCLE, "Dependency cycle detected", " -> ".join(names), **extra)]
        return False

    def _is_good(self, ident: str, above: list[str]) -> bool:
        if ident in above:
            raise Cycle(above[above.index(ident) :])
        if ident not in self.results:
            self.results[ident] = self._check(ident, [*above, ident])
        return self.results[ident] == []

    def _check(self, ident: str, path: list[str]) -> list[Problem] | None:
        given: dict[str, Any] = self.graph[ident]["inputs"]
        class_type = self.graph[ident]["class_type"]
        problems: list[Problem] = []
        spoilt = False
        for name, (required, kind, options) in self.catalogue.inputs(class_type).items():
            config = [kind, options]
            if name not in given:
                if required:
                    problems.append(problem("required_input_missing", "Required input is missing", name, input_name=name))
            elif isinstance(given[name], list):
                wrong = self._wrong_link(name, kind, config, given[name])
                problems += wrong
                spoilt |= not wrong and not self._follow(name, config, given[name], path)
            else:
                problems += self._wrong_value(class_type, name, kind, options, given)
        return problems if problems else None if spoilt else []

    def _wrong_link(self, name: str, kind: Any, config: list[Any], link: list[Any]) -> list[Problem]:
        if len(link) != 2:
            message = "Bad linked input, must be a length-2 list of [node_id, slot_index]"
            return [problem("bad_linked_input", message, name, input_name=name, input_config=config, received_value=link)]
        received = self.catalogue.outputs(self.graph[link[0]]["class_type"])[link[1]]
        if received == kind or "*" in (received, kind) or (isinstance(kind, str) and received in kind.split(",")):
            return []
        details = f"{name}, received_type({received}) mismatch input_type({kind})"
        extra = {"input_name": name, "input_config": config, "received_type": received, "linked_node": link}
        return [problem("return_type_mismatch", "Return type mismatch between linked nodes", details, **extra)]

    def _follow(self, name: str, config: list[Any], link: list[Any], path: list[str]) -> bool:
        """Whether the linked node is good. What it raises is put down to it, not to who links to it."""
        try:
            return self._is_good(link[0], path)
        except Cycle:
            raise
        except Exception as error:
            extra = {
                "input_name": name,
                "input_config": config,
                "exception_message": str(error),
                "exception_type": type(error).__name__,
                "traceback": traceback.format_tb(error.__traceback__),
                "linked_node": link,
            }
            message = "Exception when validating inner node"
            self.results[link[0]] = [problem("exception_during_inner_validation", message, str(error), **extra)]
            return False

    def _wrong_value(
        self, class_type: str, name: str, kind: Any, options: dict[str, Any], given: dict[str, Any]
    ) -> list[Problem]:
        about: Problem = {"input_name": name, "input_config": [kind, options]}
        try:
            value = given[name] = KINDS[kind](given[name]) if isinstance(kind, str) and kind in KINDS else given[name]
        except (TypeError, ValueError) as error:
            message = f"Failed to convert an input value to a {kind} value"
            details = f"{name}, {given[name]}, {error}"
            extra = {**about, "received_value": given[name], "exception_message": str(error)}
            return [problem("invalid_input_type", message, details, **extra)]
        about["received_value"] = value
        if "min" in options and value < options["min"]:
            return [problem("value_smaller_than_min", f"Value {value} smaller than min of {options['min']}", name, **about)]
        if "max" in options and value > options["max"]:
            return [problem("value_bigger_than_max", f"Value {value} bigger than max of {options['max']}", name, **about)]
        if class_type in IMAGE_LOADERS and name == "image":
            if self.catalogue.kept.find_annotated(value):
                return []
            details = f"{name} - Invalid image file: {value}"
            return [problem("custom_validation_failed", "Custom validation failed for node", details, input_name=name)]
        choices = kind if isinstance(kind, list) else options.get("options") if kind == "COMBO" else None
        if choices is None or value in choices:
            return []
        if len(choices) > LONG_LIST:
            about["input_config"] = None
        listed = f"(list of length {len(choices)})" if len(choices) > LONG_LIST else str(choices)
        return [problem("value_not_in_list", "Value not in list", f"{name}: '{value}' not in {listed}", **about)]
