#include "http/encrypted.h"

#include <gtest/gtest.h>

namespace mullion::http {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::size_t limit = 512'000;
const std::string content_type =
    "multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\";boundary=\"Encrypted "
    "Boundary\"";

const EncryptedBody message{std::string(spnego_encrypted), "application/soap+xml;charset=UTF-8", 7,
                            "\x01\0\r\nsignature!!"sv, "\0sealed"sv};

// As pywinrm and pypsrp look for it, byte by byte.
const std::string framed =
    "--Encrypted Boundary\r\n"
    "\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
    "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=7\r\n"
    "--Encrypted Boundary\r\n"
    "\tContent-Type: application/octet-stream\r\n"
    "\x0F\0\0\0\x01\0\r\nsignature!!\0sealed"
    "--Encrypted Boundary--\r\n"s;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

// The only chunk that is read or written.
Result<EncryptedBody> read_one(std::string_view type, std::string_view body, std::size_t max) {
    MULLION_ASSIGN(auto chunks, read_encrypted(type, body, max));
    EXPECT_EQ(chunks.size(), 1u);
    return std::move(chunks.front());
}
std::string write_one(const EncryptedBody& body) {
    return write_encrypted({&body, 1});
}

void expect_message(const Result<EncryptedBody>& read) {
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read->protocol, message.protocol);
    EXPECT_EQ(read->original_type, message.original_type);
    EXPECT_EQ(read->original_length, message.original_length);
    EXPECT_EQ(read->signature, message.signature);
    EXPECT_EQ(read->sealed, message.sealed);
}

void expect_refused(std::string_view type, std::string_view body, std::string_view why,
                    std::size_t max = limit) {
    const auto read = read_one(type, body, max);
    ASSERT_FALSE(read.ok()) << body;
    EXPECT_EQ(read.error().id, ErrorId::http_malformed);
    EXPECT_NE(read.error().detail.find(why), std::string::npos) << read.error().detail << '\n' << body;
}

TEST(Encrypted, FramingIsExact) {
    EXPECT_EQ(write_one(message), framed);
    EXPECT_EQ(encrypted_content_type(spnego_encrypted), content_type);
    expect_message(read_one(content_type, framed, limit));
}

TEST(Encrypted, ReadsWhatOthersWrite) {
    for (const std::string& body :
         {replaced(framed, "\t", ""), replaced(framed, "\t", "  "),
          replaced(framed, "--Encrypted", "-- Encrypted"),
          replaced(framed, "Content-Type: ", "CONTENT-type:"),
          replaced(framed, "\tOriginalContent: type", "\toriginalcontent:Type"),
          replaced(framed, ";Length=7", "; length=7"), replaced(framed, "Boundary--\r\n", "Boundary--"),
          replaced(framed, "Boundary--\r\n", "Boundary--\r\n\r\n"),
          replaced(framed, "Boundary\r\n\t", "Boundary \r\n\t"),
          replaced(framed, "Length=7\r\n", "Length=7\r\n\tX-Other: 1\r\n"),
          replaced(framed, "Length=7\r\n", "Length=7\r\n\r\n"),
          replaced(framed, "octet-stream", "Octet-Stream")}) {
        expect_message(read_one(content_type, body, limit));
    }
}

TEST(Encrypted, ReadsContentTypesOfOthers) {
    expect_message(read_one(replaced(content_type, "\"", ""), framed, limit));
    expect_message(read_one(replaced(content_type, ";", " ; "), framed, limit));
    expect_message(read_one(replaced(content_type, "multipart/encrypted", "Multipart/X-Multi-Encrypted"),
                            framed, limit));
    expect_message(read_one(replaced(content_type, "Encrypted Boundary", "-"),
                            replaced(framed, "Encrypted Boundary", "-"), limit));
    expect_message(read_one(content_type,
                            replaced(framed, "application/HTTP-SPNEGO", "APPLICATION/http-SPNEGO"), limit));
}

TEST(Encrypted, SealedBytesMayHoldAnything) {
    EncryptedBody body = message;
    for (const std::string& sealed : {""s, "--Encrypted Boundary--\r\n"s, "--Encrypted Boundary"s, framed,
                                      "--"s, "-- "s, "\r\n"s, "\r\n--Encrypted Boundary--"s, "\0\0\r"s}) {
        body.sealed = sealed;
        body.original_length = sealed.size();
        const auto written = write_one(body);
        const auto read = read_one(content_type, written, limit);
        ASSERT_TRUE(read.ok()) << read.error().message();
        EXPECT_EQ(read->sealed, sealed);
        EXPECT_EQ(read->signature, body.signature);
    }
}

TEST(Encrypted, RefusesEveryTruncation) {
    for (std::size_t length = 0; length < framed.size() - 2; ++length) {  // The last line end may be missing.
        ASSERT_FALSE(read_one(content_type, std::string_view(framed).substr(0, length), limit).ok())
            << length;
    }
}

TEST(Encrypted, RefusesOtherContentTypes) {
    expect_refused("", framed, "not multipart/encrypted");
    expect_refused("application/soap+xml", framed, "not multipart/encrypted");
    expect_refused("multipart/mixed;boundary=x", framed, "not multipart/encrypted");
    expect_refused("multipart/encrypted;boundary=\"Encrypted Boundary\"", framed, "unknown protocol");
    expect_refused(replaced(content_type, "SPNEGO", "Other"), framed, "unknown protocol");
    expect_refused(replaced(content_type, ";boundary=\"Encrypted Boundary\"", ""), framed,
                   "boundary is missing");
    expect_refused(replaced(content_type, "Encrypted Boundary", ""), framed, "boundary is missing");
    expect_refused(replaced(content_type, "Encrypted Boundary", std::string(71, 'x')), framed, "too long");
    expect_refused(replaced(content_type, "Encrypted Boundary", "Other"), framed,
                   "does not begin with its boundary");
    expect_refused(replaced(content_type, "SPNEGO", "Kerberos"), framed, "another protocol");
}

TEST(Encrypted, RefusesOtherFraming) {
    const auto refused = [](std::string_view what, std::string_view with, std::string_view why) {
        expect_refused(content_type, replaced(framed, what, with), why);
    };
    expect_refused(content_type, "\r\n" + framed, "does not begin");
    expect_refused(content_type, framed + "x", "does not end");
    refused("Boundary--", "Boundary", "does not end");
    refused("Length=7", "Length=", "not a number");
    refused("Length=7", "Length=-1", "not a number");
    refused("Length=7", "Length=7x", "not a number");
    refused("Length=7", "Length=99999999999999999999999", "not a number");
    refused("Length=7", "Length=7;Length=7", "not a number");
    refused(";Length=7", "", "lacks type or Length");
    refused("type=application/soap+xml;charset=UTF-8;", "", "lacks type or Length");
    refused("type=application", "x;type=application", "original type is missing");
    refused("type=application/soap+xml", "type=a;type=b", "original type is not valid");
    refused("type=application/soap+xml", "type=", "original type is not valid");
    refused("\tOriginalContent", "\tOther", "lacks Content-Type or OriginalContent");
    refused("\tOriginalContent",
            "\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n\tOriginalContent",
            "another protocol");
    refused("Length=7\r\n", "Length=7\r\n\tOriginalContent: type=a;Length=7\r\n", "OriginalContent twice");
    refused("Length=7\r\n", "Length=7\r\n\tno colon\r\n", "headers of its first part");
    refused("Length=7\r\n", "Length=7\r\n\tX: \x01\r\n", "headers of its first part");
    refused("octet-stream", "other", "not application/octet-stream");
    std::string many = "Length=7\r\n";
    for (int i = 0; i < 20; ++i) many += "\tX: 1\r\n";
    refused("Length=7\r\n", many, "headers of its first part");
    refused("Length=7\r\n", "Length=7\r\n\tX: " + std::string(5000, 'x') + "\r\n",
            "headers of its first part");
}

TEST(Encrypted, LengthsAreBounded) {
    expect_refused(content_type, framed, "Length is 7, the limit is 6", 6);
    expect_message(read_one(content_type, framed, 7));
    EncryptedBody large = message;
    const std::string much(10'000, 'x');
    large.sealed = much;
    expect_refused(content_type, write_one(large), "the limit is 1000", 1000);

    const auto with_length = [](std::string_view bytes) { return replaced(framed, "\x0F\0\0\0"s, bytes); };
    expect_refused(content_type, with_length("\x17\0\0\0"s), "said to have 23 bytes of 22");
    expect_refused(content_type, with_length("\xFF\xFF\xFF\xFF"s), "said to have 4294967295 bytes");
    const std::string long_signature(1025, 's');
    large.signature = long_signature;
    expect_refused(content_type, write_one(large), "said to have 1025 bytes");
    expect_refused(content_type, replaced(framed, "\x0F\0\0\0\x01\0\r\nsignature!!\0sealed"s, "\x01\0\0"s),
                   "cut off");
}

const std::string many_type = replaced(content_type, "multipart/encrypted", "multipart/x-multi-encrypted");

// Chunks as CredSSP has them: the trailer's length, a record that is longer by its header, and its text's own
// length. The second one's bytes hold what may stand in any.
std::vector<EncryptedBody> credssp_chunks(std::string_view second) {
    EncryptedBody one = message;
    one.protocol = credssp_encrypted;
    one.sealed = "header and seven";
    EncryptedBody two = one;
    two.sealed = second;
    two.original_length = second.size() < 5 ? 0 : second.size() - 5;
    return {one, two, one};
}

TEST(Encrypted, SeveralChunksAreReadAsWritten) {
    const auto type = encrypted_content_type(credssp_encrypted, 3);
    EXPECT_EQ(type, replaced(many_type, "SPNEGO", "CredSSP"));
    for (const std::string& second : {"other"s, "--Encrypted Boundary--\r\n12345"s, "--"s, framed + "12345"s,
                                      "--Encrypted Boundary\r\n\tContent-Type: x\r\n 12345"s}) {
        const auto chunks = credssp_chunks(second);
        for (const auto& body : {write_encrypted(chunks), replaced(write_encrypted(chunks), "\t", "")}) {
            if (second.find('\t') != std::string::npos && body.find('\t') == std::string::npos) continue;
            const auto read = read_encrypted(type, body, limit);
            ASSERT_TRUE(read.ok()) << read.error().message() << body;
            ASSERT_EQ(read->size(), 3u);
            for (std::size_t i = 0; i < 3; ++i) {
                EXPECT_EQ((*read)[i].signature, chunks[i].signature);
                EXPECT_EQ((*read)[i].sealed, chunks[i].sealed);
                EXPECT_EQ((*read)[i].original_length, chunks[i].original_length);
            }
        }
    }
}

TEST(Encrypted, OfSeveralChunksEachTruncationIsRefused) {
    const auto type = encrypted_content_type(credssp_encrypted, 3);
    const auto body = write_encrypted(credssp_chunks("other"));
    for (std::size_t length = 0; length < body.size() - 2; ++length)
        ASSERT_FALSE(read_encrypted(type, std::string_view(body).substr(0, length), limit).ok()) << length;
    ASSERT_FALSE(read_encrypted(type, body + "x", limit).ok());
}

TEST(Encrypted, SeveralChunksAreBoundedTogether) {
    const auto type = encrypted_content_type(credssp_encrypted, 3);
    const auto chunks = credssp_chunks("other");
    EXPECT_TRUE(read_encrypted(type, write_encrypted(chunks), 14).ok());
    expect_refused(type, write_encrypted(chunks), "Length is 7, the limit is 6", 13);
    auto other = chunks;
    other[1].original_type = "text/plain";
    expect_refused(type, write_encrypted(other), "several types");
    // Where only one may be, a second one is sealed bytes.
    const auto read =
        read_encrypted(encrypted_content_type(credssp_encrypted), write_encrypted(chunks), limit);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->size(), 1u);
}

// Each pair of dashes may begin the last delimiter, and any number of line ends may stand behind that. Read
// for each pair anew, these would take hours.
TEST(Encrypted, ManyDashesAndLineEndsAreReadOnce) {
    const auto type = encrypted_content_type(credssp_encrypted, 3);
    constexpr std::size_t many = 2'000'000;
    const std::string dashes(many, '-');
    auto chunks = credssp_chunks(dashes);
    for (auto& chunk : chunks) chunk.original_length = 7;
    std::string body = write_encrypted(chunks);
    for (std::size_t i = 0; i < many / 2; ++i) body += "\r\n";
    const auto read = read_encrypted(type, body, 2 * many);
    ASSERT_TRUE(read.ok()) << read.error().message();
    ASSERT_EQ(read->size(), 3u);
    EXPECT_EQ((*read)[1].sealed, dashes);
}

TEST(Encrypted, IsRecognised) {
    EXPECT_TRUE(is_encrypted(content_type));
    EXPECT_TRUE(is_encrypted("MULTIPART/x-multi-encrypted"));
    EXPECT_FALSE(is_encrypted("multipart/mixed"));
    EXPECT_FALSE(is_encrypted("multipart/encryptedx"));
    EXPECT_FALSE(is_encrypted("application/soap+xml;charset=UTF-8"));
    EXPECT_FALSE(is_encrypted(""));
}

}  // namespace
}  // namespace mullion::http
