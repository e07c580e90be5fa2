(require racket/string)

(string-upcase inptu_str)
