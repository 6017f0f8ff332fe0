// One folder of recordings against our readers, writers and, where there is one, our service.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "recordings/answerer.h"
#include "recordings/recording.h"

namespace mullion::recordings {

struct Counts {
    std::size_t pairs = 0;
    std::size_t read = 0;      // Responses that our reader takes without loss.
    std::size_t made = 0;      // Requests that our writer reproduces from their meaning.
    std::size_t answered = 0;  // Requests that our service answers in the recorded form.
    std::size_t served = 0;    // Requests that our service answers at all.

    Counts& operator+=(const Counts& other);
};

// What one pair comes to; a text says why not, and is empty where it holds.
struct Outcome {
    Class kind = Class::other;
    std::string read;
    std::string made;
    std::string answered;
    bool served = false;
};

[[nodiscard]] std::vector<Outcome> replay(const std::string& file, const std::vector<Pair>& pairs,
                                          Answerer* answerer);

struct Totals {
    std::array<Counts, class_count> by_class;
    std::size_t files = 0;
    std::size_t faults = 0;  // Pairs that have to hold and do not, and files that cannot be read.
};

// Prints a line for each file, then each fault, then the totals.
[[nodiscard]] Totals replay_folder(const std::string& folder, Answerer* answerer);

// Plants changes in the recordings of a folder and sees that each is reported. Prints what was missed.
[[nodiscard]] bool self_test(const std::string& folder);

}  // namespace mullion::recordings
