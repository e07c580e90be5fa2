.First <- function() {
    # R would load its default packages only after this.
    .First.sys()
    rm(.First, envir = globalenv())
    options(warn = 1L)
    own <- new.env(parent = baseenv())
    sys.source("/code/loader.R", own)
    loader <- own$loader
    loader$run(function(at) {
        expressions <- loader$read()
        places <- attr(expressions, "srcref")
        # `if (sys.nframe() == 0) main()` asks whether it is the script that is run.
        below <- sys.nframe() + 3L
        shown <- list(sys.nframe = function() max(0L, sys.parent() - below))
        attach(shown, name = "script", warn.conflicts = FALSE)
        for (index in seq_along(expressions)) {
            at(places[[index]])
            result <- withVisible(eval(expressions[[index]], globalenv()))
            if (result$visible) print(result$value)
        }
    })
    quit(save = "no", status = 0L)
}
