// What winrm shows of any document, and what `set` makes of one.
#include <cstdint>

#include "check.h"
#include "winrm/input.h"
#include "winrm/output.h"
#include "xml/document.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto document = xml::Document::parse(input);
    for (const auto format : {winrm::Format::text, winrm::Format::xml, winrm::Format::pretty}) {
        const auto shown = winrm::printed(input, format);
        FUZZ_CHECK(shown.ok() == document.ok());
        if (shown.ok()) FUZZ_CHECK(shown->ends_with('\n'));
        FUZZ_CHECK(winrm::fault_printed(input, format, 5, "text")
                       .ends_with("Error number:  -2147024891 0x80070005\ntext\n"));
    }
    // cim:Location is no property, and the one that is changed may be another of that name.
    if (!document.ok() || document->root().first().local() == "Location") return 0;
    const auto first = document->root().first();
    std::vector<winrm::Property> changes(1);
    changes[0].name = std::string(first.local());
    changes[0].value.emplace("<new>");
    const auto changed = winrm::changed_document(input, changes);
    if (!changed.ok()) return 0;
    const auto again = xml::Document::parse(*changed, {.bytes = 64 * 1024 * 1024});
    FUZZ_CHECK(again.ok());
    FUZZ_CHECK(again->root().first(first.space(), first.local()).text() == "<new>");
    return 0;
}
