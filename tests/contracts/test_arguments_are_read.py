"""No argument is passed over in silence: every formal of the library and every parameter of a builtin is read somewhere.

What is not read stands here under the reason why its value changes no result. A function that does not act on an
argument says so with `.unsupported()` or, where a program should go on, `.passed_over()`.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pipekeras.grammar as grammar
from pipekeras.grammar import library
from pipekeras.grammar.nodes import Call, Formals, LibrarySource, Symbol
from pipekeras.grammar.parse import parse_program

PASSING = frozenset(("match.call", "sys.function", "sys.call", "UseMethod", "NextMethod"))
"""A function that calls one of these hands its arguments on unread."""

LIBRARY_REASONS: dict[str, str] = {
    "it says how work is shared out, measured or told of, and a session does it in one process": """
        stopCluster:cl setDefaultCluster:cl clusterExport:cl clusterSetRNGStream:cl clusterApply:cl clusterMap:cl
        parLapply:cl,chunk.size parSapply:cl,chunk.size parApply:cl,chunk.size makeCluster:type registerDoParallel:cl,cores
        mclapply:mc.preschedule,mc.set.seed,mc.silent,mc.cores,mc.cleanup,mc.allow.recursive,affinity.list
        mcmapply:mc.preschedule,mc.set.seed,mc.silent,mc.cores,mc.cleanup,affinity.list detectCores:all.tests
        foreach:.inorder,.multicombine,.maxcombine,.packages,.export,.noexport,.verbose
        llply:.progress,.parallel laply:.progress,.parallel ldply:.progress,.parallel ddply:.progress dlply:.progress
        read_csv:guess_max,num_threads,progress,show_col_types,lazy read_csv2:guess_max,num_threads,progress,show_col_types,lazy
        read_tsv:guess_max,num_threads,progress,show_col_types,lazy read_delim:guess_max,num_threads,progress,show_col_types,lazy
        read_table:guess_max,progress,show_col_types read.fwf:buffersize runmed:algorithm,print.level
        faststack:init fastqueue:init confint.glm:trace fisher.test:workspace
    """,
    "R itself has it for the generic's sake, or does not act on it either": """
        as.null:x txtProgressBar:title,label setTxtProgressBar:title,label defaultSummary:model extractAIC.glm:scale
        lm.fit:method lm.wfit:method [.POSIXlt:drop [[.POSIXlt:drop c.POSIXlt:recursive anyNA.POSIXlt:recursive
        c.numeric_version:recursive plot.performance:y plot.keras_training_history:y plot.ts:y fortify:data
        as.data.frame.rsplit:row.names,optional as.data.frame.tbl_df:optional context:desc unit:data print.ggplot:newpage,vp
        grid.newpage:recording .recipe_nothing:data,columns,settings step_mutate:id step_filter:role,id everything:vars
    """,
    "data have one place and one version here": """
        data:package,lib.loc left_join:copy inner_join:copy full_join:copy right_join:copy semi_join:copy anti_join:copy
        install_version:version write_rds:version current_input:dir
    """,
    "it is read only where another argument, which is refused, asks for it": "ks.test.default:B fisher.test:hybridPars,control,B",
    "documents are text here": "is_html_output:fmt,excludes include_graphics:auto_pdf,dpi,rel_path paged_table:options kable:label",
    "a picture shows the same with it: only where things stand, or how they are shaded, differs": """
        ggsave:limitsize,bg coord_cartesian:default,clip coord_fixed:clip coord_flip:clip coord_polar:theta,start,direction,clip
        facet_wrap:shrink,strip.position facet_grid:shrink,as.table label_both:multi_line label_value:multi_line
        arrow:length,ends,type plot_grid:align geom_hline:show.legend geom_vline:show.legend geom_abline:show.legend
        layer:check.aes,check.param,show.legend position_dodge2:padding plot.default:frame.plot
        text.default:adj,offset,vfont,font rect:angle,lty,lwd polygon:angle,lty title:line mtext:line box:which,lty
        grid:ny,equilogs legend:border,angle,bg,box.lwd,cex,inset hist.default:angle,warn.unused barplot.default:angle,xpd
        boxplot.default:width plot.raster:xaxs,yaxs rasterImage:interpolate strwidth:units strheight:units
        image_convert:format
    """,
}


def _named(reasons: dict[str, str]) -> set[tuple[str, str]]:
    pairs = (entry.rsplit(":", 1) for text in reasons.values() for entry in text.split())
    return {(name, formal) for name, formals in pairs for formal in formals.split(",")}


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


@lru_cache(maxsize=1)
def _unread_formals() -> frozenset[tuple[str, str]]:
    unread = set()
    for name, (file, text, line) in library.definitions().items():
        value = parse_program(LibrarySource(file, text, line)).expressions[0].args[1].value
        if not (isinstance(value, Call) and value.is_call_of("function")):
            continue
        formals, body = (argument.value for argument in value.args[:2])
        read = _names(formals, _names(body, set()))
        if not read & PASSING:
            unread |= {(name, formal) for formal in formals.names if formal != "..." and formal not in read}
    return frozenset(unread)


def test_every_formal_of_the_library_is_read() -> None:
    assert sorted(_unread_formals() - _named(LIBRARY_REASONS)) == []


def test_no_reason_is_given_for_what_is_read() -> None:
    assert sorted(_named(LIBRARY_REASONS) - _unread_formals()) == []
