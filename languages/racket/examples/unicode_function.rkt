(string-append "«" input_str "»")
