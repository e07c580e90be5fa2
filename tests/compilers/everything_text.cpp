#include <iostream>
#include <bits/stdc++.h>

int main() {
    std::ostringstream out;
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    const std::regex number("[0-9]+");
    for (std::sregex_iterator at(text.begin(), text.end(), number), end; at != end; ++at)
        out << std::setw(8) << std::setfill('.') << at->str() << '\n';
    std::future<std::size_t> length = std::async([&] { return text.size(); });
    std::unordered_map<std::string, std::variant<int, double>> values{{"one", 1}, {"half", 0.5}};
    std::cout << out.str() << length.get() << ' ' << std::get<double>(values.at("half")) << '\n';
}
