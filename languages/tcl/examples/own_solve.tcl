proc twice {text} {
    return $text$text
}

proc solve {text} {
    return [twice $text]
}
