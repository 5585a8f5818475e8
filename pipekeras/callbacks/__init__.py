"""What happens beside the training itself: stopping early, saving, changing the learning rate, logging.

Example:
    >>> from pipekeras import callbacks
    >>> stop = callbacks.EarlyStopping(monitor="val_loss", patience=3)
    >>> stop.monitor
    'val_loss'
"""

from pipekeras.callbacks.backup_and_restore import BackupAndRestore
from pipekeras.callbacks.callback import Callback
from pipekeras.callbacks.callback_list import CallbackList
from pipekeras.callbacks.csv_logger import CSVLogger
from pipekeras.callbacks.early_stopping import EarlyStopping
from pipekeras.callbacks.history import History
from pipekeras.callbacks.lambda_callback import LambdaCallback
from pipekeras.callbacks.learning_rate_scheduler import LearningRateScheduler
from pipekeras.callbacks.model_checkpoint import ModelCheckpoint
from pipekeras.callbacks.progbar_logger import ProgbarLogger
from pipekeras.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from pipekeras.callbacks.remote_monitor import RemoteMonitor
from pipekeras.callbacks.swap_ema_weights import SwapEMAWeights
from pipekeras.callbacks.tensorboard import TensorBoard
from pipekeras.callbacks.terminate_on_nan import TerminateOnNaN
from pipekeras.core.older_places import older_names

__all__ = [
    "BackupAndRestore",
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "RemoteMonitor",
    "SwapEMAWeights",
    "TensorBoard",
    "TerminateOnNaN",
]

__getattr__ = older_names(__name__)
