solve <- function(text) {
    paste0(text, text)
}
