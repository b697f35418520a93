"""Opens the folder of people's own data."""

from fastapi import FastAPI

from engine.data.library.store import LibraryStore
from server.settings import Settings
from server.uploads_receiving import UploadReceiver
from server.uploads_store import UploadStore


def open_library(app: FastAPI, settings: Settings) -> None:
    """Removes what an earlier server left half done, and puts the stores into `app.state`."""
    library = LibraryStore(settings.data_folder)
    library.remove_unfinished()
    uploads = UploadStore(settings, library)
    uploads.sweep()
    app.state.library, app.state.upload_store = library, uploads
    app.state.upload_receiver = UploadReceiver(settings, uploads)
