mullion_fuzz(aws_arn SOURCE aws_arn.cc USES aws)
mullion_fuzz(aws_errors SOURCE aws_errors.cc USES aws)
mullion_fuzz(kms_answers SOURCE kms_answers.cc USES aws)
mullion_fuzz(sts_answers SOURCE sts_answers.cc USES aws)
