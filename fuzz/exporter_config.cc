// The exporter's configuration, and what whoever reaches its endpoint sends: whatever the bytes, an error or
// a value that can be used.
#include <string_view>

#include "check.h"
#include "exporter/config.h"
#include "exporter/probe_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    using namespace mullion::exporter;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    if (const auto name = parse_target_name(text)) {
        const auto again = parse_target_name(name->text());
        FUZZ_CHECK(again && again->text() == name->text());
        if (const auto rule = AllowRule::parse(text); rule.ok()) (void)rule->allows(*name);
    }
    const auto query = parse_query(text);
    FUZZ_CHECK(!query || query->size() <= 32);

    static const Config known = read_config(
                                    "version: 1\ntargets: {allow: ['**.a', '10.0.0.0/8:*']}\nauths: "
                                    "{default: {user: a, password_file: b}}\n",
                                    "x")
                                    .value();
    const auto request = read_probe(known, text, {});
    if (const auto* probe = std::get_if<ProbeRequest>(&request)) {
        FUZZ_CHECK(known.allow.allows(probe->target));
        FUZZ_CHECK(probe->auth != nullptr && !probe->modules.empty() && probe->limit > Duration(0));
    }

    const auto read = read_config(text, "x");
    if (!read.ok()) {
        FUZZ_CHECK(read.error().id == ErrorId::config_invalid);
        return 0;
    }
    FUZZ_CHECK(!read->auths.empty() && !read->allow.empty() && !read->listen.empty());
    for (const auto& [name, module] : read->modules) FUZZ_CHECK(!module.collectors.empty());
    return 0;
}
