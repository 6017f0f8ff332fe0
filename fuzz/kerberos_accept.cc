// Our acceptor with a log-on that was recorded (alice at HTTP/localhost, of a KDC that was made for it),
// changed as the input says, at the time of the recording. Nobody may be accepted but her, and by no other
// authenticator than hers.
//
// Input: first byte: bit 0 takes the rest as the token, instead of as changes to the recorded one (edits.h).
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "check.h"
#include "edits.h"
#include "encoding/hex.h"
#include "kdc/shifted_clock.h"
#include "kerberos/acceptor.h"
#include "kerberos/token.h"

namespace {

using namespace mullion;

constexpr long recorded_at = 1795275929;
constexpr std::string_view keytab =
    "0502000000520002000c4558414d504c452e5445535400044854545000096c6f63616c686f7374000000016b01bc"
    "9601001200208b3c739d719ca8e2573446c05a07dc57532a2d9437a274f22e1aee4815ed093f0000000100000042"
    "0002000c4558414d504c452e5445535400044854545000096c6f63616c686f7374000000016b01bc960100110010"
    "e474769ebe089d2c2da1e958d6a0a6cb00000001";
constexpr std::string_view request =
    "608202cd06092a864886f71201020201006e8202bc308202b8a003020105a10302010ea20703050020000000a382"
    "01cf618201cb308201c7a003020105a10e1b0c4558414d504c452e54455354a21c301aa003020101a11330111b04"
    "485454501b096c6f63616c686f7374a38201903082018ca003020112a103020101a282017e0482017a69a9e592ce"
    "2588301371d0341f8d4a7d67fed7a4a78fc33cc3bee621bb5a2641b9ab13d9418ee1054dcfcf7ee7cdde50d6273a"
    "3ec561a5f5f442aa2d827d4a0bcff7c558b8122babb6d32fa5a99f4f107fea23e5eaf644fe0ec17807d0cdc108da"
    "231fd1eeebd8305bffb3b94106c166d3a277d08584ad882dae316eb6a744cfb2724f784075aa9da6949789c695f6"
    "1dfffea066c58b86bc33d41a74709c727766df8408e165835c576d2651293fe3427df85b0e519683a5b2005eac91"
    "f8cc01178884aaf58049d6c8fa98f418ca7db0fa74e894f4e44249a3030eb231a128e1c91d860d292d735e21a4ec"
    "6d91dc14cb07761507a9de5601bdb7cb918d4944d8decc45eab547a1e6a8246cc694938b6abb1358bbe4829d9ea5"
    "c8cb22968d93b9cebc0af05a4815fa9ea7b5b7a520724eca64e8e8bcae1b817b430e472a24733539ab2b39c7cd76"
    "852b9c23f8adb095e9c8cd583e0c73926f89dd0d0220df87d3076b137e637ce14e78059978f28a4829ad9be9c6d8"
    "fca1f1031ea481cf3081cca003020112a281c40481c1079c41d03f50dc58c35709142d383fb0c85d5a76226e2a00"
    "385f558b5c12a4dd3223cde3574f0251d683e82c45604146cb8c0f9c52cc2b567bb47144cb644bebc367fddea21f"
    "b2f0b7da4b60350c1f4f648ca16ee7fd266dd61d3f10d10950018064260ca724cf6a943f16efbe16ba466005b540"
    "6584cc033f3275e98f0ee8678d3085fb26a57e46e349ca7d04dd5aca0dde3bef10399791969540dd28e67064c7e6"
    "817e219982f07abc26a204b195fd43861aed9a866da25f2fb6338d8606f74d";

class Anybody final : public kerberos::Principals {
public:
    Result<std::optional<auth::AccountRecord>> find(const std::string& principal) override {
        FUZZ_CHECK(principal == "alice@EXAMPLE.TEST");
        return std::optional<auth::AccountRecord>(auth::AccountRecord{principal, {}, {}, false, "alice"});
    }
};

// Never closed: the keytab is read again for each log-on.
std::string keytab_file() {
    const int file = ::memfd_create("keytab", MFD_CLOEXEC);
    const std::string bytes = encoding::from_hex(keytab).value();
    FUZZ_CHECK(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    return "/proc/self/fd/" + std::to_string(file);
}

struct Service {
    Service() {
        ::setenv("KRB5_CONFIG", "/dev/null", 1);
        kdc::shift_clock(recorded_at - std::time(nullptr));
        auto opened = kerberos::ServiceKeys::open(keytab_file(), clock);
        FUZZ_CHECK(opened.ok());
        keys = *opened;
        token = encoding::from_hex(request).value();
        FUZZ_CHECK(accept(token));
    }
    bool accept(const std::string& bytes) {
        clock.advance(std::chrono::hours(1));  // What was seen is forgotten.
        const auto acceptor = kerberos::make_acceptor(keys, everybody, {});
        const auto step = acceptor->step(bytes);
        if (!step.ok()) {
            FUZZ_CHECK(acceptor->sealing() == nullptr);
            return false;
        }
        FUZZ_CHECK(step->identity && step->identity->user() == "alice@EXAMPLE.TEST");
        // Hers, to the byte.
        const auto tag_of = [](std::string_view from) {
            return kerberos::parse_authenticator_tag(kerberos::parse_token(from)->message).value();
        };
        FUZZ_CHECK(tag_of(bytes) == tag_of(token));
        if (auto* const sealing = acceptor->sealing())
            FUZZ_CHECK(!sealing->unseal(bytes.substr(0, 60), bytes).ok());
        return true;
    }
    ManualClock clock;
    Anybody everybody;
    std::shared_ptr<kerberos::ServiceKeys> keys;
    std::string token;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Service service;
    if (size < 1) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (const auto token = kerberos::parse_token(rest))
        (void)kerberos::parse_authenticator_tag(token->message);
    (void)kerberos::parse_authenticator_tag(rest);
    service.accept((data[0] & 1) != 0 ? std::string(rest) : fuzz::change(service.token, rest));
    return 0;
}
