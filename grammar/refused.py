"""Packages and functions that are not here, each with the reason and what to do instead."""

from __future__ import annotations

_ANOTHER_RUNTIME = "it drives another library"
_MODELS = "it fits other kinds of models"
_WEB = "it serves or reads the web, which programs here do not"
_DATA = "its data sets are not stored here; read them from files"
_PYTHON = "it runs Python code of its own"

PACKAGES: dict[str, str] = {
    "mxnet": f"{_ANOTHER_RUNTIME}; write the model with layer_*()",
    "torch": f"{_ANOTHER_RUNTIME}; write the model with layer_*()",
    "h2o": f"{_ANOTHER_RUNTIME}; write the model with layer_*()",
    "ruta": f"{_ANOTHER_RUNTIME}; write the autoencoder with layer_dense()",
    "tfestimators": "estimators were given up by TensorFlow; write the model with layer_*()",
    "tfprobability": "distributions as layers are not here; draw with k_random_normal() and write the loss as a function",
    "tfhub": "ready models are downloaded by it, and nothing is downloaded here; use application_*() or load_model_hdf5()",
    "tfds": "data sets are downloaded by it; use dataset_*() or read files",
    "tfdeploy": "models are served by other programs; save_model_hdf5() writes files that Keras reads",
    "cloudml": "training runs on this computer",
    "kerastuneR": "no search over settings is here; loop over flags() values",
    "prophet": f"{_MODELS}; window a series with timeseries_generator()",
    "randomForest": f"{_MODELS}; lm() and glm() are here",
    "xgboost": f"{_MODELS}; lm() and glm() are here",
    "shiny": _WEB,
    "plumber": _WEB,
    "httr": _WEB,
    "rtweet": _WEB,
    "rvest": _WEB,
    "leaflet": _WEB,
    "EBImage": "pictures are read with image_load() and resized with its target_size",
    "imager": "pictures are read with image_load()",
    "openxlsx": "spreadsheets are not written; use write_csv()",
    "umap": "UMAP is not here; Rtsne(), prcomp() and princomp() are",
    "tsne": "use Rtsne()",
    "ISLR": _DATA,
    "AmesHousing": _DATA,
    "dslabs": _DATA,
    "CASdatasets": _DATA,
    "nycflights13": _DATA,
    "gapminder": _DATA,
    "palmerpenguins": _DATA,
    "tsibble": "use ts() and window()",
    "lattice": "draw with ggplot() or plot()",
    "ranger": f"{_MODELS}; lm() and glm() are here",
    "rpart": f"{_MODELS}; lm() and glm() are here",
    "glmnet": f"{_MODELS}; lm() and glm() are here",
    "kernlab": f"{_MODELS}; lm() and glm() are here",
    "fable": f"{_MODELS}; window a series with timeseries_generator()",
    "imputeTS": "fill gaps with na.approx(), na.locf() or na.aggregate()",
    "mice": "fill gaps with step_impute_knn() or na.aggregate()",
    "Rcpp": "C++ code is not compiled here",
    "rJava": "Java is not run here",
    "text2vec": "use text_tokenizer() or layer_text_vectorization()",
    "tm": "use text_tokenizer() or layer_text_vectorization()",
    "skimr": "use summary() or str()",
    "quantmod": f"{_WEB}; read prices from files",
}
"""Why a package is not here, as the end of a sentence."""

_DEBUGGING = (
    "browser", "browserText", "browserCondition", "browserSetDebug", "debug", "debugonce", "undebug", "isdebugged", "debugcall",
    "undebugcall", "debugger", "dump.frames", "recover", "trace", "untrace", "tracingState", "setBreakpoint", "findLineNum",
)
_COMPILED = (
    "dyn.load", "dyn.unload", "library.dynam", "library.dynam.unload", "is.loaded", "getNativeSymbolInfo", "getLoadedDLLs",
    "getDLLRegisteredRoutines", "lazyLoad", "lazyLoadDBexec", "lazyLoadDBfetch",
)
_WINDOWS = (
    "fix", "edit", "vi", "emacs", "pico", "xedit", "xemacs", "data.entry", "dataentry", "de", "page", "file.edit", "file.show",
    "browseEnv", "help.start", "locator", "identify", "getGraphicsEvent", "file.choose",
)
_PACKAGING = (
    "available.packages", "remove.packages", "update.packages", "old.packages", "new.packages", "download.packages",
    "package.skeleton", "prompt", "promptData", "promptPackage", "promptImport", "chooseCRANmirror", "setRepositories",
    "contrib.url", "packageStatus", "build_vignettes", "write_PACKAGES", "checkRd", "checkS3methods", "codoc", "undoc",
    "package_dependencies", "assignInNamespace", "fixInNamespace", "assignInMyNamespace",
)
_NETWORK = (
    "browseURL", "url.show", "RSiteSearch", "socketConnection", "serverSocket", "socketAccept", "socketSelect", "make.socket",
    "read.socket", "write.socket", "close.socket", "curlGetHeaders", "bug.report", "create.post", "nsl", "checkCRAN",
)
_STARTING = ("pipe", "fifo", "Rcmd", "psnice", "pskill", "texi2dvi", "texi2pdf", "compactPDF")
_PROFILING = ("Rprof", "Rprofmem", "summaryRprof", "tracemem", "untracemem", "retracemem", "memory.profile")
_DOCUMENTS = (
    "Sweave", "Stangle", "Rtangle", "RweaveLatex", "parse_Rd", "Rd2txt", "Rd2HTML", "Rd2latex", "Rd2ex", "vignette",
    "browseVignettes", "demo", "example", "news", "aspell", "RShowDoc",
)

FUNCTIONS: dict[str, str] = {
    "system": "programs do not start others",
    "system2": "programs do not start others",
    "shell": "programs do not start others",
    ".Call": "compiled code of R packages is not run",
    ".External": "compiled code of R packages is not run",
    **dict.fromkeys(_DEBUGGING, "there is no debugger; print what you want to see"),
    **dict.fromkeys(_COMPILED, "compiled code of R packages is not run"),
    **dict.fromkeys(_WINDOWS, "there are no windows for it; edit files with your editor and print values"),
    **dict.fromkeys(_PACKAGING, "packages are not installed, built or checked here; library() lists what is there"),
    **dict.fromkeys(_NETWORK, "programs here do not use the network"),
    **dict.fromkeys(_STARTING, "programs do not start others"),
    **dict.fromkeys(_PROFILING, "memory and time of single calls are not recorded; use system.time()"),
    **dict.fromkeys(_DOCUMENTS, "R's documentation files and Sweave documents are not processed; rmarkdown's render() is"),
    "k_ctc_label_dense_to_sparse": "there are no sparse tensors; k_ctc_batch_cost() and loss_ctc() take dense labels",
    "View": "there are no windows for tables; use print(), head() or glimpse()",
    "tfrecord_dataset": "TFRecord files are not read; use text_line_dataset() or make_csv_dataset()",
    "py_func2": _PYTHON,
    "layer_feature_space": "prepare columns with feature_spec(), layer_normalization() and layer_string_lookup()",
    "layer_tfsm": "SavedModels of TensorFlow are not read",
    "layer_jax_model_wrapper": _ANOTHER_RUNTIME,
    "layer_flax_module_wrapper": _ANOTHER_RUNTIME,
    "layer_torch_module_wrapper": _ANOTHER_RUNTIME,
    "audio_dataset_from_directory": "sound files are not read",
    "config_set_max_epochs": "pass epochs = to fit()",
    "config_set_max_steps_per_epoch": "pass steps_per_epoch = to fit()",
}
"""Why a function is not here."""


def reason_of_package(name: str) -> str | None:
    """Return why a package is not here, or None when nothing is known about it."""
    return PACKAGES.get(name)


def reason_of_function(name: str) -> str | None:
    """Return why a function is not here, or None when nothing is known about it."""
    if name.startswith(("tfd_", "mcmc_")):
        return PACKAGES["tfprobability"]
    if name.startswith("mx."):
        return PACKAGES["mxnet"]
    if name.startswith("step_") and name.endswith("_column"):
        return "columns of feature_spec() are numeric, categorical, bucketized, crossed, indicators and embeddings"
    return FUNCTIONS.get(name)
