//: what     TCP, UDP, ICMP and a question for a name, to addresses of both versions: all fail at once
//: id       A-107
//: control  network+seccomp+landlock
//: expect   ok
//: output   held
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <iostream>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

struct Target {
    std::string name, host;
    int kind, protocol, port;
};

// Whether something left, or may have left, the box.
static bool reaches(const Target &target) {
    const bool is_six = target.host.find(':') != std::string::npos;
    sockaddr_in four{};
    sockaddr_in6 six{};
    four.sin_family = AF_INET;
    six.sin6_family = AF_INET6;
    four.sin_port = six.sin6_port = htons(target.port);
    inet_pton(AF_INET, target.host.c_str(), &four.sin_addr);
    inet_pton(AF_INET6, target.host.c_str(), &six.sin6_addr);
    const auto *address = is_six ? reinterpret_cast<sockaddr *>(&six) : reinterpret_cast<sockaddr *>(&four);
    const socklen_t length = is_six ? sizeof six : sizeof four;
    const int descriptor = socket(is_six ? AF_INET6 : AF_INET, target.kind | SOCK_NONBLOCK, target.protocol);
    if (descriptor < 0) {
        return false;
    }
    // An echo request, a question to a name server: what it is does not matter.
    const char message[16] = {8, 0, '\xf7', '\xff'};
    const long result = target.kind == SOCK_STREAM ? connect(descriptor, address, length)
                                                   : sendto(descriptor, message, sizeof message, 0, address, length);
    const bool reached = result >= 0 || errno == EINPROGRESS || errno == ECONNREFUSED;
    close(descriptor);
    return reached;
}

int main() {
    using Clock = std::chrono::steady_clock;
    using namespace std::chrono_literals;
    // Addresses of documentation, where nobody is, and datagrams to the loopback address, which every network carries.
    const Target targets[] = {
        {"tcp", "198.51.100.7", SOCK_STREAM, 0, 80},         {"tcp", "2001:db8::7", SOCK_STREAM, 0, 443},
        {"udp", "198.51.100.7", SOCK_DGRAM, 0, 53},          {"udp", "2001:db8::7", SOCK_DGRAM, 0, 53},
        {"udp", "127.0.0.1", SOCK_DGRAM, 0, 9},              {"icmp", "203.0.113.7", SOCK_DGRAM, IPPROTO_ICMP, 0},
        {"icmp", "2001:db8::7", SOCK_DGRAM, IPPROTO_ICMPV6, 0}, {"raw icmp", "203.0.113.7", SOCK_RAW, IPPROTO_ICMP, 0},
    };
    bool is_held = true;
    for (const Target &target : targets) {
        bool reached = false;
        // The quickest of three: a busy machine is no network.
        auto quickest = Clock::duration::max();
        for (int turn = 0; turn < 3; turn++) {
            const auto start = Clock::now();
            reached |= reaches(target);
            quickest = std::min(quickest, Clock::now() - start);
        }
        if (reached || quickest > 50ms) {
            std::cout << "ESCAPED " << target.name << " to " << target.host << "\n";
            is_held = false;
        }
    }
    addrinfo *found = nullptr;
    if (getaddrinfo("example.invalid", "80", nullptr, &found) == 0) {
        std::cout << "ESCAPED a name\n";
        is_held = false;
    }
    if (is_held) {
        std::cout << "held\n";
    }
}
