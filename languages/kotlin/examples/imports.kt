import java.util.PriorityQueue

val queue = PriorityQueue<Int>(input_str.split(" ").map { it.toInt() })
return generateSequence { queue.poll() }.joinToString(" ")
