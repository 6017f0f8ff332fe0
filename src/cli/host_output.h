// What a host writes while its command runs: on its way to the writer, or kept for its result.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/line_prefix.h"
#include "cli/report_json.h"
#include "cli/terminal_text.h"
#include "cli/writer.h"
#include "client/client.h"
#include "secrets/masking/mask.h"

namespace mullion::cli {

// The host's own bytes as they arrive, but for secrets; of one of several hosts, whole lines behind its name.
class LiveOutput final : public client::OutputSink {
public:
    // Which of its streams are shown on a terminal, which they must not steer.
    struct Shown {
        bool output = false;
        bool errors = false;
    };
    // An empty name: no prefix.
    LiveOutput(Writer& writer, const std::string& name, Shown shown);

    void on_output(client::Stream stream, std::string_view bytes) override;
    bool ready(std::function<void()> resume) override { return writer_.ready(flow_, std::move(resume)); }
    // The host has ended.
    void flush();

private:
    // One stream on its way: secrets are masked, it is made fit for a terminal, then put into lines.
    struct Way {
        secrets::Mask mask;
        std::optional<TerminalText> terminal;
        std::optional<LinePrefix> prefix;
        [[nodiscard]] std::string add(std::string_view bytes);
        [[nodiscard]] std::string flush();

    private:
        [[nodiscard]] std::string add_masked(std::string_view bytes);
    };

    void write(bool to_errors, std::string bytes);

    Writer& writer_;
    Writer::FlowPtr flow_;
    Way output_, errors_;
};

class CapturedOutput final : public client::OutputSink {
public:
    explicit CapturedOutput(std::size_t limit) : output(limit), errors(limit) {}
    void on_output(client::Stream stream, std::string_view bytes) override {
        if (stream == client::Stream::standard_error)
            add(errors_mask_, errors, bytes);
        else
            add(output_mask_, output, bytes);
    }
    // The host has ended.
    void flush();
    Captured output, errors;

private:
    static void add(secrets::Mask& mask, Captured& captured, std::string_view bytes);

    secrets::Mask output_mask_, errors_mask_;
};

}  // namespace mullion::cli
