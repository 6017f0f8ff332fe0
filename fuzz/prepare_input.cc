// A script of `mullion prepare` at a simulated host: whatever it is, it is played to its end, and what was
// changed is put back.
#include <memory>
#include <string>
#include <string_view>

#include "check.h"
#include "encoding/base64.h"
#include "simulate/windows_side.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    using namespace mullion::simulate;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)read_prepare_input(std::string(text));
    auto script = read_prepare_input("https:5986 -\n" + encoding::base64_encode(text));
    if (!script) return 0;
    WindowsSide side(std::make_shared<const WindowsSideSpec>());
    const auto first = side.play(*script);
    FUZZ_CHECK(first.exit_code <= 2);
    script->mode = "Undo";
    FUZZ_CHECK(side.play(*script).exit_code <= 1);
    return 0;
}
