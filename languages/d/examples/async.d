import core.thread, std.parallelism;

auto answer = task({
    Thread.sleep(10.msecs);
    return input_str ~ "!";
});
answer.executeInNewThread;
return answer.yieldForce;
