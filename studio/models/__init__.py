from studio.models.artifact import Artifact, Lineage
from studio.models.backend import Backend, Timing, Worker
from studio.models.banner import Banner
from studio.models.draft import TextDraft
from studio.models.drawing import Drawing
from studio.models.folder import Folder
from studio.models.health import HealthChange
from studio.models.job import ENDED, LIVE, OPEN, Flow, Job, JobAttempt, JobClass, JobEvent, State
from studio.models.pause import SchoolPause
from studio.models.preferences import StudioPreferences
from studio.models.prompts import Preset, WordList
from studio.models.session import StudioSession, Turn

__all__ = [
    "ENDED",
    "LIVE",
    "OPEN",
    "Artifact",
    "Backend",
    "Banner",
    "Drawing",
    "Flow",
    "Folder",
    "HealthChange",
    "Job",
    "JobAttempt",
    "JobClass",
    "JobEvent",
    "Lineage",
    "Preset",
    "SchoolPause",
    "State",
    "StudioPreferences",
    "StudioSession",
    "TextDraft",
    "Timing",
    "Turn",
    "WordList",
    "Worker",
]
