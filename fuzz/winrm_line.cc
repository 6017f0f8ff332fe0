// Command lines of winrm and winrs: one word on each line. What is taken says what it is; what is refused
// never repeats a password; what is to be wiped lies inside of the words.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "check.h"
#include "encoding/utf16.h"
#include "winrm/command_line.h"
#include "winrm/enumeration.h"
#include "winrm/input.h"
#include "winrm/switches.h"
#include "winrm/windows_codes.h"
#include "winrm/winrs_line.h"
#include "xml/document.h"

using namespace mullion;

namespace {

std::vector<std::string_view> words_of(std::string_view input) {
    std::vector<std::string_view> words;
    while (!input.empty()) {
        words.push_back(input.substr(0, input.find('\n')));
        input.remove_prefix(std::min(words.back().size() + 1, input.size()));
    }
    return words;
}

void check_parts(const std::vector<std::string_view>& parts, std::string_view input) {
    for (const auto part : parts) {
        FUZZ_CHECK(!part.empty());
        FUZZ_CHECK(part.data() >= input.data() && part.data() + part.size() <= input.data() + input.size());
    }
}

const char* environment(const char* name) {
    return std::string_view(name) == "A" ? "%A%" : nullptr;
}

bool names_password(std::string_view name) {
    constexpr std::string_view ending = "password";
    if (name.size() < ending.size()) return false;
    name.remove_prefix(name.size() - ending.size());
    return std::equal(name.begin(), name.end(), ending.begin(), [](char given, char small) {
        return given == small || (given >= 'A' && given <= 'Z' && given + ('a' - 'A') == small);
    });
}

// Of a password that was read somebody is warned, and its words are wiped.
void check_password(const winrm::Request& request, const std::vector<std::string_view>& words) {
    for (const auto& property : request.input)
        if (names_password(property.name) && property.value && !property.value->empty())
            FUZZ_CHECK(winrm::bag_gives_password(words));
}

void check_request(const winrm::Request& request) {
    if (request.operation == winrm::Operation::enumerate) {
        const auto made = winrm::enumeration_of(request);
        if (made.ok() && made->has_filter && made->filter_xml.starts_with('<'))
            FUZZ_CHECK(xml::Document::parse(made->filter_xml).ok());
    }
    if (request.operation == winrm::Operation::create || request.operation == winrm::Operation::invoke) {
        const auto made = winrm::new_document(request);
        if (made.ok()) FUZZ_CHECK(xml::Document::parse(*made).ok());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto words = words_of(input);
    const auto line = winrm::parse_command_line(words, environment);
    if (line.ok()) {
        if (const auto* request = std::get_if<winrm::Request>(&*line)) {
            check_request(*request);
            check_password(*request, words);
        }
    } else {
        FUZZ_CHECK(!line.error().detail.empty());
    }
    check_parts(winrm::clear_parts(words), input);
    if (winrm::bag_gives_password(words)) FUZZ_CHECK(!winrm::clear_parts(words).empty());
    if (size >= sizeof(std::uint32_t)) {
        std::uint32_t code = 0;
        std::memcpy(&code, data, sizeof code);
        // 0x8007…: Win32's own numbers come in as both.
        if (!winrm::message_of(code).empty()) FUZZ_CHECK(encoding::is_utf8(winrm::message_of(code)));
        if (!winrm::message_of(code & 0xFFFF).empty())
            FUZZ_CHECK(!winrm::message_of(0x80070000 | (code & 0xFFFF)).empty());
    }
    const auto other = winrm::parse_winrs_line(words);
    if (!other.ok()) FUZZ_CHECK(!other.error().detail.empty());
    check_parts(winrm::winrs_clear_parts(words), input);
    (void)winrm::parse_association_filter(input, "u/*", false);
    (void)winrm::parse_association_filter(input, "u/*", true);
    return 0;
}
