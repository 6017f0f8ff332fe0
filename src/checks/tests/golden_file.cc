#include "checks/tests/golden_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "encoding/base64.h"
#include "source_dir/source_dir.h"

namespace mullion::checks::tests {
namespace {

// As Windows was recorded to write it (wsman/tests/data/opennms).
constexpr std::string_view fragment =
    R"(<w:XmlFragment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" )"
    R"(xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" )"
    R"(xmlns:m="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" )"
    R"(xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common">)";
constexpr std::string_view classes = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/";

std::string whole_instance(const std::string& name, std::string_view properties) {
    return "<p:" + name + R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:p=")" +
           std::string(classes) + name +
           R"(" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common" xsi:type="p:)" + name + "_Type\">" +
           std::string(properties) + "</p:" + name + ">";
}

// "first word", and what stands behind it.
std::pair<std::string, std::string> split(const std::string& line) {
    const auto begin = std::min(line.find_first_not_of(' '), line.size());
    const auto end = std::min(line.find(' ', begin), line.size());
    return {line.substr(begin, end - begin), line.substr(std::min(end + 1, line.size()))};
}

std::string with_line_ends(std::string text) {
    for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at))
        text.replace(at, 2, "\r\n");
    return text;
}

// A certificate's Blob in the registry, byte by byte: wincrypt.h's CERT_CERT_PROP_ID (32), a one, the size,
// and the certificate itself.
std::string stored_certificate(const std::string& base64) {
    const auto der = encoding::base64_decode(base64);
    if (!der) throw std::runtime_error("'stored' has no BASE64");
    const auto size = der->size();
    std::string blob("\x20\0\0\0\1\0\0\0", 8);
    for (unsigned byte = 0; byte < 4; ++byte) blob += static_cast<char>(size >> (8 * byte) & 0xFF);
    std::string xml;
    for (const char c : blob + *der)
        xml += "<uValue>" + std::to_string(static_cast<unsigned char>(c)) + "</uValue>";
    return xml;
}

// A blank at the end of a line is written so that it can be seen.
std::string with_last_blank(const std::string& line) {
    if (!line.ends_with("\\s")) return line;
    return line.substr(0, line.size() - 2) + " ";
}

class Reader {
public:
    explicit Reader(GoldenCase& into) : into_(into) {}

    void line(const std::string& line) {
        const auto [word, rest] = split(line);
        if (says_ && word != "look") {
            into_.looks.back().text += with_last_blank(line) + "\n";
        } else if (word == "look") {
            says_ = false;
            into_.looks.emplace_back().at = std::stoll(rest);
        } else if (!word.empty() && word[0] != '#') {
            one(word, rest);
        }
    }

private:
    void one(const std::string& word, const std::string& rest) {
        if (word == "option") {
            const auto [name, value] = split(rest);
            into_.words.set(name, value);
        } else if (word == "compat") {
            into_.compat = true;
        } else if (into_.looks.empty()) {
            throw std::runtime_error("'" + word + "' before the first 'look'");
        } else if (word == "says") {
            into_.looks.back().exit_code = std::stoi(rest);
            says_ = true;
        } else {
            of_look(word, rest);
        }
    }

    void of_look(const std::string& word, const std::string& rest) {
        auto& questions = into_.looks.back().questions;
        using Kind = GoldenQuestion::Kind;
        if (word == "query")
            questions.push_back({Kind::query, rest, {}, {}, {}});
        else if (word == "call")
            questions.push_back({Kind::call, rest, {}, {}, {}});
        else if (word == "command")
            questions.push_back({Kind::command, rest, {}, {}, {}});
        else if (questions.empty())
            throw std::runtime_error("'" + word + "' before any question");
        else
            of_answer(word, rest, questions.back());
    }

    static void of_answer(const std::string& word, const std::string& rest, GoldenQuestion& question) {
        if (word == "row") {
            question.rows.push_back(std::string(fragment) + rest + "</w:XmlFragment>");
        } else if (word == "instance") {
            const auto [name, properties] = split(rest);
            question.rows.push_back(whole_instance(name, properties));
        } else if (word == "returns") {
            const auto [code, outputs] = split(rest);
            question.returned = code;
            question.rows = {std::string(fragment) + outputs + "</w:XmlFragment>"};
        } else if (word == "stored") {
            question.returned = "0";
            question.rows = {std::string(fragment) + stored_certificate(rest) + "</w:XmlFragment>"};
        } else if (word == "out") {
            question.output.out += with_line_ends(rest);
        } else if (word == "err") {
            question.output.err += with_line_ends(rest);
        } else if (word == "exits") {
            question.output.exit_code = static_cast<std::uint32_t>(std::stoul(rest));
        } else {
            throw std::runtime_error("'" + word + "' is nothing that a golden file has");
        }
    }

    GoldenCase& into_;
    bool says_ = false;
};

GoldenCase read(const std::filesystem::path& path) {
    GoldenCase found;
    found.mode = path.parent_path().filename();
    found.name = path.stem();
    Reader reader(found);
    std::ifstream file(path);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        try {
            reader.line(line);
        } catch (const std::exception& wrong) {
            throw std::runtime_error(path.string() + ":" + std::to_string(number) + ": " + wrong.what());
        }
    }
    return found;
}

}  // namespace

void PrintTo(const GoldenCase& golden, std::ostream* out) {
    *out << "golden/" << golden.mode << "/" << golden.name << ".txt";
}

const std::vector<GoldenCase>& golden_cases() {
    static const auto all = [] {
        std::vector<std::filesystem::path> paths;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(source_dir() + "/src/checks/tests/golden"))
            if (entry.path().extension() == ".txt") paths.push_back(entry.path());
        std::sort(paths.begin(), paths.end());
        std::vector<GoldenCase> cases;
        for (const auto& path : paths) cases.push_back(read(path));
        return cases;
    }();
    return all;
}

}  // namespace mullion::checks::tests
