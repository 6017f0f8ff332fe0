#include "cli/host_output.h"

#include "cli/printable.h"

namespace mullion::cli {

LiveOutput::LiveOutput(Writer& writer, const std::string& name)
    : writer_(writer), flow_(std::make_shared<Writer::Flow>()) {
    if (name.empty()) return;
    output_.emplace(printable(name) + " | ");
    errors_.emplace(printable(name) + " | ");
}

void LiveOutput::on_output(client::Stream stream, std::string_view bytes) {
    const bool to_errors = stream == client::Stream::standard_error;
    auto& prefix = to_errors ? errors_ : output_;
    write(to_errors, prefix ? prefix->add(bytes) : std::string(bytes));
}

void LiveOutput::flush() {
    if (!output_) return;
    write(false, output_->flush());
    write(true, errors_->flush());
}

void LiveOutput::write(bool to_errors, std::string bytes) {
    if (!bytes.empty()) writer_.result(to_errors, std::move(bytes), flow_);
}

}  // namespace mullion::cli
