# Function mode: the text is the body of a function of `input_str`, or defines `solve` itself.
.First <- function() {
    # R would load its default packages only after this.
    .First.sys()
    rm(.First, envir = globalenv())
    options(warn = 1L)
    own <- new.env(parent = baseenv())
    sys.source("/code/loader.R", own)
    loader <- own$loader
    eval(quote({
        defines_solve <- function(expression) {
            is.call(expression) && length(expression) == 3L &&
                as.character(expression[[1L]])[1L] %in% c("<-", "=", "<<-") &&
                identical(expression[[2L]], quote(solve))
        }

        # The expressions in braces, where their places are kept.
        as_body <- function(expressions) {
            places <- attr(expressions, "srcref")
            body <- as.call(c(list(as.name("{")), as.list(expressions)))
            if (length(places) > 0L) {
                attr(body, "srcref") <- c(places[1L], places)
                attr(body, "srcfile") <- attr(expressions, "srcfile")
            }
            body
        }

        as_text <- function(value) {
            if (is.factor(value)) value <- as.character(value)
            if (is.null(value) || !is.atomic(value) || !is.null(dim(value))) {
                paste(utils::capture.output(print(value)), collapse = "\n")
            } else {
                paste(enc2utf8(as.character(value)), collapse = " ")
            }
        }

        connection <- file("stdin", "rb")
        bytes <- raw()
        while (length(part <- readBin(connection, "raw", 65536L)) > 0L) bytes <- c(bytes, part)
        close(connection)
        input <- rawToChar(bytes)
        Encoding(input) <- "UTF-8"

        answer <- run(function(at) {
            expressions <- read()
            if (any(vapply(expressions, defines_solve, NA))) {
                places <- attr(expressions, "srcref")
                for (index in seq_along(expressions)) {
                    at(places[[index]])
                    eval(expressions[[index]], globalenv())
                }
                at(NULL)
                solve <- get("solve", envir = globalenv(), mode = "function")
            } else {
                solve <- eval(call("function", as.pairlist(alist(input_str = )), as_body(expressions)), globalenv())
            }
            as_text(solve(input))
        })
        while (sink.number() > 0L) sink()
        connection <- file("/answer", "wb")
        writeBin(c(as.raw(0x3d), charToRaw(answer)), connection)
        close(connection)
        quit(save = "no", status = 0L, runLast = FALSE)
    }), loader)
}
