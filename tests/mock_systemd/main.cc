// mock_systemd ADDRESS: answers on the bus at ADDRESS as systemd does, until its standard input ends.
// Lines of standard input, words parted by tabs, are what it has; an empty one is the last:
//   unit NAME ACTIVE DESCRIPTION PID USER [WORD…]     file NAME STATE
// Then it says "ready"; at the end a line for each thing that it was asked to do.
#include <gtest/gtest.h>

#include <charconv>
#include <iostream>
#include <string>
#include <vector>

#include "cim/tests/mock_systemd.h"

namespace {

using mullion::cim::MockAnswers;
using mullion::cim::MockUnit;

std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words(1);
    for (const char c : line) {
        if (c == '\t')
            words.emplace_back();
        else
            words.back() += c;
    }
    return words;
}

bool add_unit(const std::vector<std::string>& words, MockAnswers& answers) {
    if (words.size() < 6) return false;
    MockUnit unit;
    unit.name = words[1];
    unit.active = words[2];
    unit.description = words[3];
    const auto* const end = words[4].data() + words[4].size();
    const auto parsed = std::from_chars(words[4].data(), end, unit.process);
    if (parsed.ec != std::errc() || parsed.ptr != end) return false;
    unit.user = words[5];
    if (unit.active == "failed") {  // systemd always says why.
        unit.result = "exit-code";
        unit.code = 1;  // CLD_EXITED
        unit.status = 3;
    }
    unit.command.assign(words.begin() + 6, words.end());
    answers.units.push_back(std::move(unit));
    return true;
}

bool add(const std::string& line, MockAnswers& answers) {
    const auto words = words_of(line);
    if (words[0] == "unit") return add_unit(words, answers);
    if (words[0] != "file" || words.size() != 3) return false;
    answers.files.emplace_back(words[1], words[2]);
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 5;
    MockAnswers answers;
    answers.units_change = true;
    std::string line;
    while (std::getline(std::cin, line) && !line.empty()) {
        if (add(line, answers)) continue;
        std::cerr << "mock_systemd: not understood: " << line << '\n';
        return 5;
    }
    mullion::cim::MockSystemd systemd(arguments[1], std::move(answers));
    // What the constructor expects of the bus.
    if (testing::UnitTest::GetInstance()->Failed()) return 1;
    std::cout << "ready" << std::endl;
    while (std::getline(std::cin, line)) {
    }
    for (const auto& asked : systemd.stop()) std::cout << asked << '\n';
    return 0;
}
