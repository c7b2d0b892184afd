from django.apps import AppConfig


class FakesConfig(AppConfig):
    name = "tests.fakes"
    label = "fakes"

    def ready(self) -> None:
        from studio.engines import ENGINES
        from studio.operations import OPERATIONS

        ENGINES.register("shop", "tests.fakes.shop_engine.ShopEngine")
        ENGINES.register("slow", "tests.fakes.slow_engine.SlowEngine")
        OPERATIONS.register("test.nothing", "tests.fakes.operations.Nothing")
        OPERATIONS.register("test.parent", "tests.fakes.operations.Parent")
        OPERATIONS.register("test.slow", "tests.fakes.operations.Slow")
        OPERATIONS.register("test.talk", "tests.fakes.operations.Talk")
