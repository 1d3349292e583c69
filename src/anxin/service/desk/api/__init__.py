"""The desk over the API."""

from ninja import Router

from anxin.service.desk.api import telephone, tickets

router = Router()
router.add_router("", tickets.router)
router.add_router("", telephone.router)
