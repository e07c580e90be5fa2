(println "debug")
input_str
