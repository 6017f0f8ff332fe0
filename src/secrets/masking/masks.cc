#include "secrets/masking/masks.h"

#include <iterator>
#include <utility>

#include "secrets/masking/forms.h"

namespace mullion::secrets {
namespace {

constexpr const char* too_short =
    "a secret that is in use has fewer than 3 bytes: it is not masked in outputs, as it would be found "
    "everywhere";
constexpr const char* long_one =
    "a secret that is in use has more than 8 KiB: in outputs its lines are masked, and no encoded form of it";
constexpr const char* very_long =
    "a secret that is in use has more than 1 MiB: in outputs only lines of its beginning are masked";
constexpr const char* many =
    "so many secrets are in use that in outputs some are masked only as they are, and in no encoded form";
constexpr const char* too_many = "so many secrets are in use that some are not masked in outputs";

std::size_t size_of(const std::vector<Secret>& texts) {
    std::size_t size = 0;
    for (const auto& text : texts) size += text.expose().size();
    return size;
}

}  // namespace

bool Masks::Less::operator()(const Secret& a, const Secret& b) const {
    return a.expose() < b.expose();
}

void Masks::add(const Secret& value) {
    add(std::span(&value, 1));
}

void Masks::add(std::span<const Secret> values) {
    const std::lock_guard lock(mutex_);
    for (const auto& value : values) {
        if (value.empty() || values_.contains(value)) continue;
        values_.insert(value.clone());
        changed_ = true;
    }
    if (changed_) any_.store(true, std::memory_order_release);
}

std::shared_ptr<const Patterns> Masks::patterns() {
    if (!any()) return nullptr;
    const std::lock_guard lock(mutex_);
    if (std::exchange(changed_, false)) build();
    return patterns_;
}

std::string Masks::masked(std::string text) {
    return secrets::masked(patterns(), std::move(text));
}

std::vector<std::string> Masks::notices() {
    (void)patterns();
    const std::lock_guard lock(mutex_);
    return std::exchange(notices_, {});
}

void Masks::build() {
    std::vector<Secret> texts;
    std::size_t size = 0;
    for (const auto& value : values_) {
        auto forms = size < limit_ / 2 ? forms_of(value) : plain_forms_of(value);
        if (forms.coverage == Forms::Coverage::none) tell(too_short);
        if (forms.coverage == Forms::Coverage::lines) tell(long_one);
        if (forms.coverage == Forms::Coverage::part) tell(very_long);
        if (size >= limit_ / 2 && forms.coverage == Forms::Coverage::all) tell(many);
        const auto more = size_of(forms.texts);
        if (size + more > limit_) {
            tell(too_many);
            continue;
        }
        size += more;
        texts.insert(texts.end(), std::make_move_iterator(forms.texts.begin()),
                     std::make_move_iterator(forms.texts.end()));
    }
    patterns_ = texts.empty() ? nullptr : std::make_shared<const Patterns>(std::move(texts));
}

void Masks::tell(const char* notice) {
    if (told_.insert(notice).second) notices_.emplace_back(notice);
}

}  // namespace mullion::secrets
