# Parses the student's text under its plain name, and evaluates it so that errors are shown with its lines.
# Base R is found first from here, whatever the student's code defines.
loader <- local(envir = new.env(parent = baseenv()), {
    # The text's expressions, with the places where they stand.
    read <- function() {
        lines <- readLines("/code/solution.R", warn = FALSE, encoding = "UTF-8")
        parse(text = lines, keep.source = TRUE, srcfile = srcfilecopy("solution.R", lines), encoding = "UTF-8")
    }

    # Only parses: the exit status.
    check <- function() {
        tryCatch({
            read()
            0L
        }, error = function(error) {
            cat(conditionMessage(error), "\n", sep = "", file = stderr())
            1L
        })
    }

    line_of <- function(place) {
        if (is.null(place) || !identical(attr(place, "srcfile")$filename, "solution.R")) NULL else place[[1L]]
    }

    # Whether an error or a warning names only the harness as its place.
    ours <- function(call) {
        head <- if (is.call(call)) call[[1L]] else NULL
        is.null(head) || is.function(head) || identical(call, quote(solve(input))) ||
            as.character(head)[1L] %in% c("eval", "act", "loader$run")
    }

    # `act(at)` evaluates student's code, and says with `at(place)` which top-level expression it has come to.
    run <- function(act) {
        place <- NULL
        calls <- NULL
        outside <- sys.nframe()
        tryCatch(
            withCallingHandlers(
                act(function(now) place <<- now),
                error = function(error) calls <<- sys.calls(),
                warning = function(warning) {
                    if (ours(conditionCall(warning)) && identical(getOption("warn"), 1L)) {
                        cat("Warning: ", conditionMessage(warning), "\n", sep = "", file = stderr())
                        invokeRestart("muffleWarning")
                    }
                }
            ),
            error = function(error) {
                fail(error, calls[-seq_len(min(outside, length(calls)))], place)
            }
        )
    }

    fail <- function(error, calls, place) {
        call <- conditionCall(error)
        text <- if (ours(call)) "Error: " else paste0("Error in ", deparse(call, nlines = 1L)[1L], " : ")
        text <- paste0(text, conditionMessage(error), "\n")
        # A call's place is where it was called, so the place of the innermost, the handler's, is where the error is.
        lines <- unlist(lapply(rev(calls), function(call) line_of(attr(call, "srcref"))))
        lines <- c(lines, line_of(place))
        lines <- rle(as.integer(lines))$values
        cat(text, sprintf("  at solution.R:%d\n", lines[seq_len(min(20L, length(lines)))]), sep = "", file = stderr())
        quit(save = "no", status = 1L)
    }

    environment()
})
