"""No argument is passed over in silence: every formal of the library and every parameter of a builtin is read somewhere.

What is not read stands here under the reason why its value changes no result. A function that does not act on an
argument says so with `only_default`, in the library with `.unsupported()` or, where a program should go on, with
`.passed_over()`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from pipekeras.grammar import library
from pipekeras.grammar.library import attached
from pipekeras.grammar.nodes import Call, Formals, LibrarySource, Symbol
from pipekeras.grammar.parse import parse_program

PASSING = frozenset(("match.call", "sys.function", "sys.call", "UseMethod", "NextMethod"))
"""A function of the library that calls one of these hands its arguments on unread."""

LIBRARY_REASONS: dict[str, str] = {
    "it says how work is shared out, measured or told of, and a session does it in one process": """
        stopCluster:cl setDefaultCluster:cl clusterExport:cl clusterSetRNGStream:cl clusterApply:cl clusterMap:cl
        parLapply:cl,chunk.size parSapply:cl,chunk.size parApply:cl,chunk.size makeCluster:type registerDoParallel:cl,cores
        mclapply:mc.preschedule,mc.set.seed,mc.silent,mc.cores,mc.cleanup,mc.allow.recursive,affinity.list
        mcmapply:mc.preschedule,mc.set.seed,mc.silent,mc.cores,mc.cleanup,affinity.list detectCores:all.tests
        foreach:.inorder,.multicombine,.maxcombine,.packages,.export,.noexport,.verbose
        aaply:.progress adply:.progress alply:.progress d_ply:.progress l_ply:.progress,.parallel mdply:.progress
        mlply:.progress raply:.progress rdply:.progress rlply:.progress read_excel:progress
        llply:.progress,.parallel laply:.progress,.parallel ldply:.progress,.parallel ddply:.progress dlply:.progress
        read_csv:guess_max,num_threads,progress,show_col_types,lazy
        read_csv2:guess_max,num_threads,progress,show_col_types,lazy
        read_tsv:guess_max,num_threads,progress,show_col_types,lazy
        read_delim:guess_max,num_threads,progress,show_col_types,lazy
        read_table:guess_max,progress,show_col_types read.fwf:buffersize runmed:algorithm,print.level
        faststack:init fastqueue:init confint.glm:trace fisher.test:workspace hashtab:size
        setDTthreads:threads getDTthreads:verbose frollmean:algo,hasNA frollsum:algo,hasNA num_colors:forget
        future:globals,packages plan:workers multisession:workers multicore:workers cluster:workers clusterApplyLB:cl
        parCapply:cl,chunk.size parLapplyLB:cl,chunk.size parRapply:cl,chunk.size parSapplyLB:cl,chunk.size
        pvec:mc.cleanup,mc.cores,mc.set.seed,mc.silent mccollect:intermediate,timeout,wait
        mcparallel:detached,mc.affinity,mc.interactive,mc.set.seed,silent
        furrr_options:chunk_size,conditions,globals,packages,prefix,scheduling,stdout gcinfo:verbose gc.time:on
        mem.maxNSize:nsize mem.maxVSize:vsize write.matrix:blocksize
        tk_index:silent tk_tbl:silent rug:quiet trans3d:verbose capabilities:Xchk
    """,
    "R itself has it for the generic's sake, or does not act on it either": """
        as.null:x print.summary.manova:digits txtProgressBar:title,label setTxtProgressBar:title,label defaultSummary:model
        extractAIC.glm:scale
        lm.fit:method lm.wfit:method [.POSIXlt:drop [[.POSIXlt:drop c.POSIXlt:recursive anyNA.POSIXlt:recursive
        c.numeric_version:recursive plot.performance:y plot.keras_training_history:y plot.ts:y fortify:data
        as.data.frame.rsplit:row.names,optional as.data.frame.tbl_df:optional context:desc unit:data
        print.ggplot:newpage,vp grid.newpage:recording .recipe_nothing:data,columns,settings
        step_filter:role step_arrange:role step_slice:role everything:vars is.single:x set_dim:verbose decode_onehot:n_classes
        terms.formula:abb,neg.out str.dendrogram:nest.lev,indent.str,last.str as.dendrogram.hclust:check
        as.character.srcref:to,useSource
        months.numeric:abbreviate months.integer:abbreviate chooseOpsMethod.Period:x,y,mx,my,cl,reverse
        chooseOpsMethod.Duration:x,y,mx,my,cl,reverse chooseOpsMethod.Interval:x,y,mx,my,cl,reverse
        twoClassSummary:model prSummary:model mnLogLoss:model multiClassSummary:model
        extractAIC.multinom:scale extractAIC.polr:scale as.data.frame.mlbench:row.names,optional ggplot.train:mapping
        is.numeric.Date:x is.numeric.POSIXt:x is.numeric.difftime:x
        as.qr:x model_type.lda:x model_type.lm:x predict_model.glm:type predict_model.lda:type predict_model.lm:type
        step_ngram:columns step_stopwords:columns,res step_tf:res step_tfidf:res step_tokenfilter:columns,res
        step_tokenize:columns .explain_rows:single_explanation
    """,
    "data have one place and one version here": """
        data:package,lib.loc left_join:copy inner_join:copy full_join:copy right_join:copy semi_join:copy anti_join:copy
        install_version:version write_rds:version current_input:dir p_install:try.bioconductor
        packageDescription:lib.loc,encoding .packages:lib.loc globalVariables:add,package suppressForeignCheck:add,package
    """,
    "it is read only where another argument, which is refused, asks for it": """
        ks.test.default:B fisher.test:hybridPars,control ansari.test.default:conf.level
    """,
    "a selection reads it: outside one the function only says where it belongs": """
        starts_with:match,ignore.case,vars ends_with:match,ignore.case,vars contains:match,ignore.case,vars
        matches:match,ignore.case,perl,vars num_range:prefix,range,width,vars last_col:offset,vars where:fn
    """,
    "every function is compiled in one way, and the terminal's bell is the one sound": """
        cmpfun:options compile:env,options,srcref beep:sound
    """,
    "the function only refuses, or its call is read by the step that it stands in": """
        render:input has_role:match has_type:match get_sentiments:lexicon tq_get:x,get
    """,
    "the program that it asks is not there": """
        isAvailable:version_needed,child_ok hasFun:name,version_needed getSourceEditorContext:id
    """,
    "values are copied when they change, and a test that passes tells nothing": """
        duplicate:shallow succeed:message
    """,
    "documents are text here": """
        write.dcf:useBytes
        is_html_output:fmt,excludes include_graphics:auto_pdf,dpi,rel_path paged_table:options kable:label view:title
    """,
    "a picture shows the same with it: only where things stand, or how they are shaded, differs": """
        ggsave:limitsize,bg coord_cartesian:default,clip coord_fixed:clip coord_flip:clip
        coord_polar:theta,start,direction,clip facet_wrap:shrink,strip.position facet_grid:shrink,as.table
        label_both:multi_line label_value:multi_line arrow:length,ends,type plot_grid:align geom_hline:show.legend
        geom_vline:show.legend geom_abline:show.legend layer:check.aes,check.param,show.legend position_dodge2:padding
        plot.default:frame.plot text.default:adj,offset,vfont,font rect:angle,lty,lwd polygon:angle,lty title:line
        mtext:line box:which,lty grid:ny,equilogs legend:border,angle,bg,box.lwd,cex,inset hist.default:angle,warn.unused
        barplot.default:angle,xpd boxplot.default:width plot.raster:xaxs,yaxs rasterImage:interpolate strwidth:units
        strheight:units image_convert:format cpgram:ci.col filled.contour:las lag.plot:ask,oma plot.design:ask
        plot.lm:ask,cex.caption,cex.oma.main stars:key.xpd,lty,lwd,mar,xpd termplot:ask
    """,
}

BUILTIN_REASONS: dict[str, str] = {
    "it chooses a program, a protocol or a format where there is one way here": """
        archives.download_file:method,mode,cache,extra archives.unzip:program archives.zip_files:program
        archives.untar:compressed,extras,verbose,times,old,program archives.url:open_mode connections.file:blocking
        saving.save_rds:version saving.save:version saving.serialize_builtin:version dumping.dget:keep dumping.dump:forced
        files.normalize_path:slash files.unlink:force files.tempdir:check fs.dir_create:mode fs.file_create:mode
        fs.dir_ls:fail program.leave:save,run_last python_words.import_module:label,convert_,delay
        python_words.r_to_py:convert_ python_words.py_available:initialize python_words.py_numpy_available:initialize
        python_words.py_set_seed:hashing python_words.iterator_get_next:name
        object_words.py_dict:converted object_words.py_iterator:prefetch tensorflow.backend:convert_
        data.set_random_seed:disable_gpu data.use_session_with_seed:disable_parallel_cpu,quiet
        data.is_keras_available:version data.np_array:order data.get_file:archive_format
        custom_words.create_layer_wrapper:flag further_words.multi_gpu_model:gpus,merge,relocation
        further_words.deserialize_keras_object:safe_mode keras3_words.config_set_backend:backend
    """,
    "all texts are UTF-8, and messages are in one language": """
        conditions.stop:domain conditions.warning:breaks,domain conditions.message:domain
        conditions.package_startup_message:domain pasting.gettextf_builtin:domain,trim pasting.gettext:domain,trim
        pasting.ngettext:domain connections.text_connection:name,encoding connections.write_lines_to:use_bytes
        connections.push_back:encoding encodings.iconv:mark
        raw_files.write_char:use_bytes raw_files.write_bin:use_bytes regex.grepl:use_bytes regex.grep:use_bytes
        regex.sub:use_bytes regex.gsub:use_bytes regex.approximate_grep:use_bytes stringr.coll:locale
        stringr_text.str_equal:locale language.parse:prompt,rest dates.zone_names:folder
    """,
    "R itself has it for the generic's sake, or does not act on it either": """
        combine.combine_factors:recursive combine.combine_durations:recursive combine.combine_moments:recursive
        dates.quarters:abbreviate durations.as_difftime:tz durations.element_time:drop durations.refuse:x
        environments.assign:now factor_operators.refuse:x,na_rm factors.factor:nmax linear_algebra.eigen:eispack
        formatting.pretty_number:replace_zero,is_complex frame_binding.rbind_frames:deparse_level,strings_as_factors
        frame_binding.cbind_frames:deparse_level s3.next_method_builtin:target s4.set_generic:value_class
        times.print_posixlt:tz structure.structure_of:drop
        raw_files.seek:direction system.torture:on system.system_time:collect system.collect_garbage:verbose,reset,full
        system.set_time_limit:transient objects.as_vector:mode
        objects.summary:positions training.predict_generic:target python_words.py_is_null:x
    """,
    "there is one place to look things up in, and one copy of each package": """
        attaching.attach:conflicts attaching.detach:unload,force class_questions.set_as:where
        class_questions.set_old_class:prototype,where environments.top_environment:match functions.formals:envir
        functions.match_fun:descend functions.match_call:envir functions.force_and_call:n
        reference_classes.set_ref_class:inherit reference_classes.get_ref_class:where s3.register_method:envir
        s3.get_method:envir s4.set_class:where,sealed,package s4.set_union:where
        s4.set_validity:where s4.set_generic:where,package s4.set_method:where,value_class,sealed
        s4_questions.exists_method:where s4_questions.get_method:where s4_questions.is_generic:where
        s4_questions.remove_method:where s4_questions.is_virtual:where system.package_file:package,where
        packages.library:help,pos,where,conflicts,quietly,verbose,mask,exclude,include,required
        packages.require:where,conflicts,mask,exclude,include,required packages.require_namespace:quietly
        packages.package_version:where functional.simplify_to_array:exception
        restarts.compute_restarts:cond restarts.find_restart_builtin:cond
    """,
    "the default of another parameter reads it": """
        distributions.dgamma:rate distributions.pgamma:rate distributions.qgamma:rate random.rgamma:rate
        frame_merging.merge:all_rows
    """,
    "a picture shows the same with it": """
        graphics.par:no_readonly graphics.png:pointsize,bg graphics.jpeg:pointsize,quality,bg graphics.close_device:which
    """,
    "it names or places a tensor, or says how much is done at once": """
        backend.k_constant:name backend.run:label backend_more.k_unstack:name backend_more.k_map_fn:name
        backend_more.k_is_sparse:tensor backend_more.fold:label dataset_words.dataset_padded_batch:shapes,name
        dataset_verbs.dataset_bucket_by_sequence_length:name dataset_verbs.dataset_decode_delim:parallel
        dataset_verbs.dataset_map_and_batch:calls,parallel dataset_verbs.dataset_prefetch_to_device:device
        dataset_verbs.dataset_take_while:name dataset_verbs.dataset_unique:name
        dataset_words.text_line_dataset:parallel dataset_words.dataset_prepare:named,parallel,batches
        datasets.dataset_batch:calls,deterministic datasets.dataset_map:calls feature_words.layer_dense_features:accepted
        op_words.random_seed_generator:name registered_words.k_local_conv2d:output_shape text.adapt:batch_size
        tensorflow.with_object:label tensorflow.tf_function:signature,autograph,reduce,wrap
        further_words.k_placeholder:sparse further_words.tensorboard:action training.fit:view_metrics
        training.fit_generator:view_metrics,queue,workers training.evaluate_generator:queue,workers
        training.predict_generator:queue,workers python_words.py_get_attr:silent
        runs.training_run:context,config,properties runs.tuning_run:context,config,properties runs.latest_run:runs_dir
        runs.view_run:viewer runs.compare_runs:viewer runs.write_run_metadata:run_dir
    """,
}

Pairs = frozenset[tuple[str, str]]


def _named(reasons: dict[str, str]) -> Pairs:
    pairs = (entry.rsplit(":", 1) for text in reasons.values() for entry in text.split())
    return frozenset((name, formal) for name, formals in pairs for formal in formals.split(","))


def _names(tree: Any, found: set[str]) -> set[str]:
    if isinstance(tree, Symbol):
        found.add(tree.name)
    elif isinstance(tree, Call):
        _names(tree.function, found)
        for argument in tree.args:
            _names(argument.value, found)
    elif isinstance(tree, Formals):
        for parameter in tree:
            _names(parameter.value, found)
    return found


def _definitions() -> Iterator[tuple[str, tuple[str, str, int]]]:
    """Every definition of the library, those that wait for `library()` too."""
    yield from library.definitions().items()
    for package in attached.files():
        yield from attached.definitions_of(package).items()


@lru_cache(maxsize=1)
def _unread_formals() -> Pairs:
    unread = set()
    for name, (file, text, line) in _definitions():
        value = parse_program(LibrarySource(file, text, line)).expressions[0].args[1].value
        if not (isinstance(value, Call) and value.is_call_of("function")):
            continue
        formals, body = (argument.value for argument in value.args[:2])
        read = _names(formals, _names(body, set()))
        if not read & PASSING:
            unread |= {(name, formal) for formal in formals.names if formal != "..." and formal not in read}
    return frozenset(unread)


def _entered(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions that `builtin` or `word` enters."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in ("builtin", "word")
            for one in node.decorator_list
        ):
            yield node


@lru_cache(maxsize=1)
def _unread_parameters() -> Pairs:
    unread = set()
    folder = Path(library.__file__).parent.parent
    for path in sorted(folder.rglob("*.py")):
        for function in _entered(ast.parse(path.read_text(encoding="utf-8"))):
            read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            given = function.args
            every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *([given.vararg] if given.vararg else [])]
            names = {one.arg for one in every} - {"dots", "call", "environment"} - read
            unread |= {(f"{path.stem}.{function.name}", name) for name in names}
    return frozenset(unread)


def test_every_formal_of_the_library_is_read() -> None:
    assert sorted(_unread_formals() - _named(LIBRARY_REASONS)) == []


def test_every_parameter_of_a_builtin_is_read() -> None:
    assert sorted(_unread_parameters() - _named(BUILTIN_REASONS)) == []


@pytest.mark.parametrize(("reasons", "unread"), [(LIBRARY_REASONS, _unread_formals), (BUILTIN_REASONS, _unread_parameters)])
def test_no_reason_is_given_for_what_is_read(reasons: dict[str, str], unread: Any) -> None:
    assert sorted(_named(reasons) - unread()) == []
