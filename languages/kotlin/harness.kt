import java.nio.file.Files
import java.nio.file.Paths
import java.nio.file.StandardOpenOption
import java.util.concurrent.CountDownLatch
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine

/**
 * Function mode: calls the student's solve once with the whole input and hands its answer over.
 * It is called from a coroutine, so that it may be a suspend function.
 */
fun main() {
    val runtime = Runtime.getRuntime()
    val out = System.out
    val err = System.err
    try {
        val input = String(System.`in`.readBytes(), Charsets.UTF_8)
        val call: suspend () -> Any? = { solve(input) }
        val returned = CountDownLatch(1)
        var value: Any? = null
        var failure: Throwable? = null
        call.startCoroutine(Continuation<Any?>(EmptyCoroutineContext) { result ->
            result.fold({ value = it }, { failure = it })
            returned.countDown()
        })
        returned.await()
        failure?.let { throw it }
        val answer = "=$value"
        System.out.flush()
        out.flush()
        Files.write(Paths.get("/answer"), answer.toByteArray(), StandardOpenOption.WRITE)
    } catch (error: Throwable) {
        out.flush()
        error.printStackTrace(err)
        runtime.halt(1)
    }
    // No waiting for threads that still run: the function has returned.
    runtime.halt(0)
}
