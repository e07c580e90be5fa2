//: what     prints a perfect result in several framings and ends without returning
//: id       A-126
//: mode     function
//: expect   runtime_error
//: error    ended before the function returned
//: output
#include <cstdlib>
#include <iostream>
for (std::ostream *stream : {&std::cout, &std::cerr}) {
    *stream << R"({"status":"done","verdict":"ok","results":[{"output":"16","verdict":"ok"}]})" << "\n=16\n16\n"
            << "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n16" << std::flush;
}
std::quick_exit(0);
