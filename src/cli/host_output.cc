#include "cli/host_output.h"

#include "cli/masking.h"
#include "cli/printable.h"

namespace mullion::cli {

std::string LiveOutput::Way::add(std::string_view bytes) {
    if (!masks().any()) return add_masked(bytes);
    mask.look_for(masks().patterns());
    return add_masked(mask.add(bytes));
}

std::string LiveOutput::Way::add_masked(std::string_view bytes) {
    if (!terminal) return prefix ? prefix->add(bytes) : std::string(bytes);
    auto text = terminal->add(bytes);
    return prefix ? prefix->add(text) : text;
}

std::string LiveOutput::Way::flush() {
    auto text = add_masked(mask.flush());
    if (terminal) {
        const auto rest = terminal->flush();
        text += prefix ? prefix->add(rest) : rest;
    }
    if (prefix) text += prefix->flush();
    return text;
}

LiveOutput::LiveOutput(Writer& writer, const std::string& name, Shown shown)
    : writer_(writer), flow_(std::make_shared<Writer::Flow>()) {
    if (shown.output) output_.terminal.emplace(name.empty());
    if (shown.errors) errors_.terminal.emplace(name.empty());
    if (name.empty()) return;
    output_.prefix.emplace(printable(name) + " | ");
    errors_.prefix.emplace(printable(name) + " | ");
}

void LiveOutput::on_output(client::Stream stream, std::string_view bytes) {
    const bool to_errors = stream == client::Stream::standard_error;
    write(to_errors, (to_errors ? errors_ : output_).add(bytes));
}

void LiveOutput::flush() {
    write(false, output_.flush());
    write(true, errors_.flush());
}

void LiveOutput::write(bool to_errors, std::string bytes) {
    if (!bytes.empty()) writer_.result(to_errors, std::move(bytes), flow_);
}

void CapturedOutput::flush() {
    output.add(output_mask_.flush());
    errors.add(errors_mask_.flush());
}

// Before the limit: a secret that it cuts is a secret still.
void CapturedOutput::add(secrets::Mask& mask, Captured& captured, std::string_view bytes) {
    if (!masks().any()) return captured.add(bytes);
    mask.look_for(masks().patterns());
    captured.add(mask.add(bytes));
}

}  // namespace mullion::cli
