"""Call-backs: made every night, called by agents, ended with a success, a problem or without either."""

from anxin.service.callbacks.services.calling import attempt as attempt
from anxin.service.callbacks.services.calling import fail as fail
from anxin.service.callbacks.services.calling import finish as finish
from anxin.service.callbacks.services.calling import give_back as give_back
from anxin.service.callbacks.services.calling import hand_over as hand_over
from anxin.service.callbacks.services.calling import keep_answer as keep_answer
from anxin.service.callbacks.services.calling import leave_out as leave_out
from anxin.service.callbacks.services.calling import take as take
from anxin.service.callbacks.services.calling import take_next as take_next
from anxin.service.callbacks.services.exporting import start_export as start_export
from anxin.service.callbacks.services.following import plan_by_hand as plan_by_hand
from anxin.service.callbacks.services.following import ticket_resolved as ticket_resolved
from anxin.service.callbacks.services.generation import ensure as ensure
from anxin.service.callbacks.services.generation import nightly as nightly
from anxin.service.callbacks.services.outside import take_result as take_result
from anxin.service.callbacks.services.releasing import release as release
