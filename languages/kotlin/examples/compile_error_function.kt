import kotlin.math.max

val number: Int = max(1, input_str)
return number.toString()
